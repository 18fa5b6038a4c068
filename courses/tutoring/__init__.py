"""The tutor phase: who goes on patrol with which recruit, what the tutor writes after a shift, and the week as a sergeant sees it."""
