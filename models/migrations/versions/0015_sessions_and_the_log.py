"""Sessions and the log

Revision: 0015, what a session's browser calls itself, and the log of access by person
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'


def upgrade() -> None:
    op.add_column('session', sa.Column('browser', sa.String(length=200), server_default='', nullable=False))
    op.create_index('ix_audit_who', 'audit', ['who', 'id'])
