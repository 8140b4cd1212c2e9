"""History

Revision: 0008, the id of an imported ticket in the system that it comes from
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    imported = sa.text('source_id IS NOT NULL')
    op.add_column('ticket', sa.Column('source_id', sa.Text(), nullable=True))
    op.create_index('uq_ticket_source', 'ticket', ['profile', 'source_id'], unique=True, sqlite_where=imported, postgresql_where=imported)
