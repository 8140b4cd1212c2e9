"""Judging

Revision: 0011, what waits for a lead is found at once, and a judgement can be taken back
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'

DOUBTFUL = sa.text("judged_at IS NULL AND status IN ('open', 'answered', 'in-review') AND (doubtful OR mode = 'assist')")
DRAWN = sa.text("judged_at IS NULL AND sampled")


def upgrade() -> None:
    op.create_index('ix_ticket_doubtful', 'ticket', ['profile', 'priority', 'id'], sqlite_where=DOUBTFUL, postgresql_where=DOUBTFUL)
    op.create_index('ix_ticket_drawn', 'ticket', ['profile', 'id'], sqlite_where=DRAWN, postgresql_where=DRAWN)
    op.add_column('judgement', sa.Column('stood', sa.JSON(), server_default='{}', nullable=False))
