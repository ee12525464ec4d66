import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../../src/auth/api.ts'
import type { ApiKeyBody, NewApiKey } from '../../../../src/auth/api-keys/api.ts'
import { Empty } from '../../parts/empty.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page } from '../../parts/section.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import type { AdminRequests } from '../admin-requests.ts'
import type { SystemRequests } from '../system-requests.ts'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import { RevokeDialog, RotateDialog } from './key-dialogs.tsx'
import { KeysTable } from './keys-table.tsx'
import { SecretDialog } from './secret-dialog.tsx'

type Props = { me: Me; requests: SystemRequests; people: AdminRequests }
type Open = { kind: 'create' } | { kind: 'rotate' | 'revoke'; key: ApiKeyBody } | { kind: 'secret'; made: NewApiKey }

/** The keys that programs call with: made, replaced and revoked here. */
export function ApiKeysPage({ me, requests, people }: Props) {
  const { t } = useTranslation('admin')
  const keys = useLoaded(requests.listKeys, 'keys')
  const [open, setOpen] = useState<Open | null>(null)
  // A secret that has been shown stays until its reader closes it, whatever dialog it came of.
  const close = () => setOpen((now) => (now?.kind === 'secret' ? now : null))
  const showSecret = (made: NewApiKey) => {
    setOpen({ kind: 'secret', made })
    keys.reload()
  }
  return (
    <Page
      title={t('pages.api-keys')}
      lead={t('apiKeys.lead')}
      actions={
        <button type="button" className="plain-button" onClick={() => setOpen({ kind: 'create' })}>
          {t('apiKeys.create')}
        </button>
      }
    >
      <Reading of={keys}>
        {(value) =>
          value.length === 0 ? (
            <Empty>{t('apiKeys.empty')}</Empty>
          ) : (
            <KeysTable keys={value} onAct={(kind, key) => setOpen({ kind, key })} />
          )
        }
      </Reading>
      {open?.kind === 'create' && (
        <CreateKeyDialog
          me={me}
          people={people}
          create={async (wish) => showSecret(await requests.createKey(wish))}
          onClose={close}
        />
      )}
      {open?.kind === 'rotate' && (
        <RotateDialog
          apiKey={open.key}
          rotate={async (hours) => showSecret(await requests.rotateKey(open.key.id, hours))}
          onClose={close}
        />
      )}
      {open?.kind === 'revoke' && (
        <RevokeDialog
          apiKey={open.key}
          revoke={async () => {
            await requests.revokeKey(open.key)
            keys.reload()
          }}
          onClose={close}
        />
      )}
      {open?.kind === 'secret' && <SecretDialog made={open.made} onClose={() => setOpen(null)} />}
    </Page>
  )
}
