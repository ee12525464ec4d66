import { useTranslation } from 'react-i18next'
import type { ApiKeyBody } from '../../../../src/auth/api-keys/api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Table } from '../../parts/table.tsx'
import { formatDay, formatInstant } from '../../parts/when.ts'
import classes from './api-keys-page.module.css'

type Props = { keys: ApiKeyBody[]; onAct: (kind: 'rotate' | 'revoke', key: ApiKeyBody) => void }

const tones = { active: 'good', expired: 'notice', revoked: 'bad' } as const

/** Every key by the start of its secret, never the secret. */
export function KeysTable({ keys, onAct }: Props) {
  const { t, i18n } = useTranslation('admin')
  const { language } = i18n
  return (
    <Table
      label={t('pages.api-keys')}
      rows={keys}
      keyOf={({ id }) => id}
      columns={[
        {
          key: 'name',
          title: t('apiKeys.name'),
          cell: ({ name, prefix }) => (
            <span className={classes.name}>
              {name}
              <code className={classes.prefix}>{prefix}…</code>
            </span>
          ),
        },
        { key: 'owner', title: t('apiKeys.owner'), cell: ({ owner }) => owner.name ?? t('none') },
        {
          key: 'scopes',
          title: t('apiKeys.scopes'),
          cell: ({ scopes }) => scopes.map((scope) => t(`apiKeys.scope.${scope}`)).join(', '),
        },
        {
          key: 'state',
          title: t('apiKeys.state'),
          cell: ({ state, expiresAt, oldSecretUntil }) => (
            <span className={classes.state}>
              <Badge tone={tones[state]}>{t(`apiKeys.states.${state}`)}</Badge>
              {state === 'active' && (
                <span className={classes.detail}>{t('apiKeys.until', { at: formatDay(expiresAt, language) })}</span>
              )}
              {oldSecretUntil && (
                <span className={classes.detail}>
                  {t('apiKeys.oldUntil', { at: formatInstant(oldSecretUntil, language) })}
                </span>
              )}
            </span>
          ),
        },
        {
          key: 'used',
          title: t('apiKeys.lastUsed'),
          cell: ({ lastUsedAt }) => (lastUsedAt ? formatInstant(lastUsedAt, language) : t('apiKeys.unused')),
        },
        {
          key: 'act',
          title: '',
          cell: (key) =>
            key.state === 'active' && (
              <span className={classes.buttons}>
                {(['rotate', 'revoke'] as const).map((kind) => (
                  <button
                    key={kind}
                    type="button"
                    className="plain-button"
                    aria-label={t(`apiKeys.${kind}Title`, { name: key.name })}
                    onClick={() => onAct(kind, key)}
                  >
                    {t(`apiKeys.${kind}`)}
                  </button>
                ))}
              </span>
            ),
        },
      ]}
    />
  )
}
