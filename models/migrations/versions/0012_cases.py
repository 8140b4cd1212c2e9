"""Cases

Revision: 0012, tickets listed, filtered and searched by what stands in one index
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'

KEPT = 200
TOGETHER = 1000
LISTED = ['profile', 'opened_at', 'id', 'team', 'status', 'type', 'priority', 'service', 'unsure', 'due_at', 'sought']


def upgrade() -> None:
    op.add_column('ticket', sa.Column('sought', sa.String(length=KEPT), server_default='', nullable=False))
    _fill(op.get_bind())
    op.drop_index('ix_ticket_opened', 'ticket')
    op.create_index('ix_ticket_opened', 'ticket', LISTED)


def _fill(connection: sa.Connection) -> None:
    """Subjects as they are searched: databases fold the letters of ASCII alone."""
    last = 0
    while rows := connection.execute(
        sa.text('SELECT id, subject FROM ticket WHERE id > :last ORDER BY id LIMIT :many'), {'last': last, 'many': TOGETHER}
    ).all():
        last = rows[-1].id
        values = [{'id': row.id, 'sought': ' '.join(row.subject.casefold().split())[:KEPT]} for row in rows]
        connection.execute(sa.text('UPDATE ticket SET sought = :sought WHERE id = :id'), values)
