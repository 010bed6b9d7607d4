"""The proofs, floor by floor, with the bench, the drills and the law of the house."""
