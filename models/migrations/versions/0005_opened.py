"""Opened

Revision: 0005, tickets of an organisation by when they were opened: what came in the last hour is asked for each new incident
"""

from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.create_index('ix_ticket_opened', 'ticket', ['profile', 'opened_at'])
