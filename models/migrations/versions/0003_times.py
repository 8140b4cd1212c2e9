"""Times

Revision: 0003, when a ticket is due, what waits for its hour, and who reported what
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.add_column('ticket', sa.Column('service', sa.String(length=64), nullable=True))
    op.add_column('ticket', sa.Column('reporter_kind', sa.String(length=32), nullable=True))
    op.add_column('ticket', sa.Column('previous_team', sa.String(length=64), nullable=True))
    op.add_column('ticket', sa.Column('risk', sa.String(length=32), nullable=True))
    for name in ('due_at', 'waiting_since', 'acknowledged_at'):
        op.add_column('ticket', sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column('parcel', sa.Column('channel', sa.String(length=16), nullable=False, server_default='mail'))
    op.create_table('timer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_timer_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timer'))
    )
    op.create_index(op.f('ix_timer_ticket_id'), 'timer', ['ticket_id'])
    op.create_index('ix_timer_due', 'timer', ['done_at', 'due_at'])
