"""Solutions

Revision: 0007, solutions as things of their own, with versions and counts; why a ticket was closed without one
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    op.create_table('solution',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('profile', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('public', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('worked', sa.Integer(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_solution'))
    )
    op.create_index(op.f('ix_solution_profile'), 'solution', ['profile'])
    op.create_table('solution_version',
    sa.Column('solution_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['solution_id'], ['solution.id'], name=op.f('fk_solution_version_solution_id_solution')),
    sa.PrimaryKeyConstraint('solution_id', 'number', name=op.f('pk_solution_version'))
    )
    op.add_column('ticket', sa.Column('solution_id', sa.Integer(), nullable=True))
    op.add_column('ticket', sa.Column('unsolved', sa.Text(), nullable=True))
    op.create_index(op.f('ix_ticket_solution_id'), 'ticket', ['solution_id'])
