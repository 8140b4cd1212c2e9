"""Repeats

Revision: 0009, repeat problems as they were found, and what people decided of them
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    op.create_table('repeat',
    sa.Column('profile', sa.String(length=200), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('service', sa.String(length=64), nullable=False),
    sa.Column('reporters', sa.Integer(), nullable=False),
    sa.Column('first', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last', sa.DateTime(timezone=True), nullable=False),
    sa.Column('label', sa.JSON(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('profile', 'number', name=op.f('pk_repeat'))
    )
    op.create_table('repeat_ticket',
    sa.Column('profile', sa.String(length=200), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_repeat_ticket_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('profile', 'ticket_id', name=op.f('pk_repeat_ticket'))
    )
    op.create_index(op.f('ix_repeat_ticket_number'), 'repeat_ticket', ['number'])
    op.create_table('repeat_word',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('profile', sa.String(length=200), nullable=False),
    sa.Column('word', sa.String(length=16), nullable=False),
    sa.Column('one', sa.Integer(), nullable=False),
    sa.Column('other', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('said_by', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_repeat_word'))
    )
    op.create_index(op.f('ix_repeat_word_profile'), 'repeat_word', ['profile'])
