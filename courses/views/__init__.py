"""Pages of learners. A view finds its object through the reader's own standing, calls one verb, and answers."""
