import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SuppressionBody } from '../../../../src/notify/api.ts'
import { Empty } from '../../parts/empty.tsx'
import { TextField } from '../../parts/field.tsx'
import { MoreButton } from '../../parts/more-button.tsx'
import { Reading } from '../../parts/reading.tsx'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import { Page } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import { adminPath } from '../admin-route.ts'
import { isWholeAddress } from './message-filters.ts'
import classes from './notify.module.css'
import { BackLink } from './notify-parts.tsx'
import type { NotifyRequests } from './notify-requests.ts'

const typingMs = 300

/** Addresses that get no mail, and letting one have mail again. */
export function SuppressionsPage({ requests }: { requests: NotifyRequests }) {
  const { t } = useTranslation('admin')
  const [address, setAddress] = useState('')
  const [settled] = useDebouncedValue(address.trim(), typingMs)
  const asked = { address: isWholeAddress(settled) ? settled : undefined }
  const list = useLoaded(() => requests.listSuppressions(asked), JSON.stringify(asked))
  const [lifting, setLifting] = useState<SuppressionBody | null>(null)
  return (
    <div>
      <BackLink to={adminPath('mail')}>{t('mail.back')}</BackLink>
      <Page title={t('pages.suppressions')} lead={t('mail.suppressionsLead')}>
        <search className={`${classes.filters} ${classes.one}`}>
          <TextField
            label={t('mail.find')}
            type="search"
            inputMode="email"
            value={address}
            maxLength={254}
            onChange={({ target }) => setAddress(target.value)}
          />
        </search>
        <Reading of={list}>
          {({ suppressions, next }) => (
            <div className={classes.list}>
              {suppressions.length === 0 ? (
                <Empty>{t('mail.suppressionsEmpty')}</Empty>
              ) : (
                <SuppressionTable suppressions={suppressions} onLift={setLifting} />
              )}
              {next && (
                <MoreButton
                  load={async () => {
                    const more = await requests.listSuppressions({ ...asked, after: next })
                    list.show({ ...more, suppressions: [...suppressions, ...more.suppressions] })
                  }}
                />
              )}
            </div>
          )}
        </Reading>
        {lifting && (
          <ReasonDialog
            title={t('mail.liftTitle', { address: lifting.address })}
            text={t('mail.liftText')}
            action={t('mail.lift')}
            act={async (reason) => {
              await requests.liftSuppression(lifting.suppression, reason)
              list.reload()
            }}
            onClose={() => setLifting(null)}
          />
        )}
      </Page>
    </div>
  )
}

type TableProps = { suppressions: SuppressionBody[]; onLift: (one: SuppressionBody) => void }

function SuppressionTable({ suppressions, onLift }: TableProps) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Table
      label={t('pages.suppressions')}
      rows={suppressions}
      keyOf={({ suppression }) => suppression}
      columns={[
        {
          key: 'address',
          title: t('mail.address'),
          cell: ({ address }) => <span className={classes.address}>{address}</span>,
        },
        { key: 'why', title: t('mail.why'), cell: ({ reason }) => t(`mail.reasons.${reason}`) },
        { key: 'since', title: t('mail.since'), cell: ({ since }) => formatInstant(since, i18n.language) },
        {
          key: 'act',
          title: '',
          cell: (one) => (
            <button type="button" className="plain-button" onClick={() => onLift(one)}>
              {t('mail.lift')}
            </button>
          ),
        },
      ]}
    />
  )
}
