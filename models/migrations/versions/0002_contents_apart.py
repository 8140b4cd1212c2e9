"""Contents apart

Revision: 0002, a mail's bytes in a table of their own
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.create_table('content',
    sa.Column('mail_id', sa.Integer(), nullable=False),
    sa.Column('packed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['mail_id'], ['mail.id'], name=op.f('fk_content_mail_id_mail')),
    sa.PrimaryKeyConstraint('mail_id', name=op.f('pk_content'))
    )
    op.execute('INSERT INTO content (mail_id, packed) SELECT id, content FROM mail')
    op.drop_column('mail', 'content')
