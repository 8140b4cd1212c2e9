"""Incidents

Revision: 0004, major incidents and outages, how a case came, and what its reporter said without personal data
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    op.create_table('incident',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('announced', sa.Boolean(), nullable=False),
    sa.Column('manager', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('prognosis', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_incident_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident')),
    sa.UniqueConstraint('ticket_id', name=op.f('uq_incident_ticket_id'))
    )
    op.add_column('ticket', sa.Column('incident_id', sa.Integer(), nullable=True))
    op.add_column('ticket', sa.Column('said', sa.Text(), nullable=False, server_default=''))
    op.add_column('ticket', sa.Column('came_by', sa.String(length=16), nullable=False, server_default='mail'))
    op.create_index(op.f('ix_ticket_incident_id'), 'ticket', ['incident_id'])
