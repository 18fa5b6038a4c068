"""Evidence packs: what somebody was taught, answered and held on a day, as recorded by a time, with proofs, in one file."""
