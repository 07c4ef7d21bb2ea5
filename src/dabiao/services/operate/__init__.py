"""What those who run the service ask: is it ready, how is it doing, is it set up as it should be."""
