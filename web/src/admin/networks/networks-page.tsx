import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NetworkRulesBody } from '../../../../src/auth/networks/api.ts'
import { ApiError } from '../../api/client.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Checkbox, TextArea } from '../../parts/field.tsx'
import { readLines } from '../../parts/read-lines.ts'
import { Reading } from '../../parts/reading.tsx'
import { useRoleName } from '../../parts/role-names.ts'
import { Page } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import type { SystemRequests } from '../system-requests.ts'
import classes from './networks-page.module.css'

type NetworkRuleBody = NetworkRulesBody['rules'][number]

/** From which networks the administration and each role may be used. */
export function NetworksPage({ requests }: { requests: SystemRequests }) {
  const { t } = useTranslation('admin')
  const networks = useLoaded(requests.readNetworks, 'networks')
  const [editing, setEditing] = useState<NetworkRuleBody | null>(null)
  return (
    <Page title={t('pages.networks')} lead={t('networks.lead')}>
      <Reading of={networks} rows={7}>
        {(value) => (
          <>
            <p className={classes.address}>
              {t('networks.yourAddress')} <code>{value.yourAddress}</code>
            </p>
            <RulesTable rules={value.rules} onEdit={setEditing} />
            {editing && (
              <NetworkDialog
                rule={editing}
                address={value.yourAddress}
                save={async (wanted, confirm) =>
                  networks.show(await requests.setNetworks(editing.subject, wanted, confirm))
                }
                onClose={() => setEditing(null)}
              />
            )}
          </>
        )}
      </Reading>
    </Page>
  )
}

function useSubjectName() {
  const { t } = useTranslation('admin')
  const roleName = useRoleName()
  return (subject: NetworkRuleBody['subject']) =>
    subject === 'administration' ? t('networks.administration') : roleName(subject)
}

function RulesTable({ rules, onEdit }: { rules: NetworkRuleBody[]; onEdit: (rule: NetworkRuleBody) => void }) {
  const { t, i18n } = useTranslation('admin')
  const nameOf = useSubjectName()
  return (
    <Table
      label={t('pages.networks')}
      rows={rules}
      keyOf={({ subject }) => subject}
      columns={[
        { key: 'subject', title: t('networks.subject'), cell: ({ subject }) => nameOf(subject) },
        {
          key: 'networks',
          title: t('networks.allowed'),
          cell: ({ networks }) =>
            networks.length === 0 ? (
              <span className={classes.everywhere}>{t('networks.everywhere')}</span>
            ) : (
              <ul className={classes.networks}>
                {networks.map((network) => (
                  <li key={network}>
                    <code>{network}</code>
                  </li>
                ))}
              </ul>
            ),
        },
        {
          key: 'changed',
          title: t('networks.changed'),
          cell: ({ changedAt }) => (changedAt ? formatInstant(changedAt, i18n.language) : '–'),
        },
        {
          key: 'edit',
          title: '',
          cell: (rule) => (
            <button
              type="button"
              className="plain-button"
              aria-label={t('networks.editTitle', { name: nameOf(rule.subject) })}
              onClick={() => onEdit(rule)}
            >
              {t('networks.edit')}
            </button>
          ),
        },
      ]}
    />
  )
}

type DialogProps = {
  rule: NetworkRuleBody
  address: string
  save: (networks: string[], confirm: boolean) => Promise<void>
  onClose: () => void
}

/** Changing a rule; when it would lock its author out, it has to be confirmed. */
function NetworkDialog({ rule, address, save, onClose }: DialogProps) {
  const { t } = useTranslation('admin')
  const nameOf = useSubjectName()
  const [text, setText] = useState(rule.networks.join('\n'))
  const [mayLockOut, setMayLockOut] = useState(false)
  const [isConfirmed, setConfirmed] = useState(false)
  async function act(): Promise<void> {
    try {
      await save(readLines(text), isConfirmed)
    } catch (error) {
      if (error instanceof ApiError && error.code === 'NETWORK_LOCKS_YOU_OUT') setMayLockOut(true)
      throw error
    }
  }
  return (
    <ActDialog
      title={t('networks.editTitle', { name: nameOf(rule.subject) })}
      text={t('networks.editText')}
      action={t('networks.save')}
      isDangerous={isConfirmed}
      act={act}
      onClose={onClose}
    >
      <TextArea
        label={t('networks.allowed')}
        hint={t('networks.hint', { address })}
        value={text}
        rows={5}
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
      />
      {mayLockOut && (
        <Checkbox
          label={t('networks.confirm')}
          checked={isConfirmed}
          onChange={({ target }) => setConfirmed(target.checked)}
        />
      )}
    </ActDialog>
  )
}
