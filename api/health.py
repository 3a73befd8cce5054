"""Whether the service works: for whoever restarts it, so it says nothing else."""

from fastapi import APIRouter

from api.access import Db

router = APIRouter()


@router.get("/health")
def health(db: Db) -> dict[str, bool]:
    """200 while the database answers, 503 otherwise."""
    db.execute("select 1")
    return {"ok": True}
