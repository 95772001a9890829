"""Running the product: its recurring jobs, and the events that did not reach everybody."""
