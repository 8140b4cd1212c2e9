"""Found

Revision: 0014, the figures of repeat problems beside them, and when they were sought
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    op.add_column('repeat', sa.Column('cases', sa.Integer(), server_default='0', nullable=False))
    op.add_column('repeat', sa.Column('account', sa.JSON(), server_default='{}', nullable=False))
    op.create_table('repeat_search',
    sa.Column('profile', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('whole_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('newest', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('profile', name=op.f('pk_repeat_search'))
    )
    op.execute("UPDATE repeat SET cases = (SELECT count(*) FROM repeat_ticket WHERE repeat_ticket.profile = repeat.profile AND repeat_ticket.number = repeat.number)")
