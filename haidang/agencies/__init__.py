"""Areas and agencies with validity and lineage, group expressions, memberships."""
