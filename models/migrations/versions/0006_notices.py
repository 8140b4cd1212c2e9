"""Notices

Revision: 0006, outgoing mails of no ticket: word to the leads of the desk itself. Each parcel names its organisation
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    op.add_column('parcel', sa.Column('profile', sa.String(length=200), nullable=False, server_default=''))
    op.execute('UPDATE parcel SET profile = (SELECT ticket.profile FROM ticket WHERE ticket.id = parcel.ticket_id)')
    with op.batch_alter_table('parcel') as batch:
        batch.alter_column('ticket_id', existing_type=sa.Integer(), nullable=True)
        batch.alter_column('profile', existing_type=sa.String(length=200), server_default=None)
