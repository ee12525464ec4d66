import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Turn } from '../../../src/chat/api.ts'
import { ActDialog } from '../admin/parts/act-dialog.tsx'
import { Select, TextField } from '../admin/parts/field.tsx'
import type { ChatRequests } from '../api/chat-requests.ts'
import './load-words.ts'
import { type Comparison, type DayChoice, dayChoices, wantAlert, wantReport } from './wanted-subscription.ts'

type Props = {
  kind: 'report' | 'alert'
  turn: Turn
  requests: ChatRequests
  onDone: () => void
  onClose: () => void
}

/** Has an answer sent at set times, or its number watched. */
export function SubscribeDialog({ kind, turn, requests, onDone, onClose }: Props) {
  const { t } = useTranslation('admin')
  const [day, setDay] = useState<DayChoice>('weekly')
  const [time, setTime] = useState('09:00')
  const [comparison, setComparison] = useState<Comparison>('lt')
  const [limit, setLimit] = useState('')
  const [isTried, setTried] = useState(false)
  const isReport = kind === 'report'
  const wanted = isReport ? wantReport(turn, day, time) : wantAlert(turn, comparison, limit)
  async function act(): Promise<void> {
    if (!wanted) return
    await requests.subscribe(wanted)
    onDone()
  }
  return (
    <ActDialog
      title={isReport ? t('subscriptions.reportTitle') : t('subscriptions.alertTitle')}
      text={isReport ? t('subscriptions.reportText') : t('subscriptions.alertText')}
      action={t('subscriptions.save')}
      isReady={wanted !== undefined}
      onTry={() => setTried(true)}
      act={act}
      onClose={onClose}
    >
      {isReport ? (
        <>
          <Select
            label={t('subscriptions.day')}
            value={day}
            choices={dayChoices.map((value) => ({ value, label: t(`subscriptions.days.${value}`) }))}
            onChoose={setDay}
          />
          <TextField
            label={t('subscriptions.time')}
            type="time"
            required
            value={time}
            onChange={({ target }) => setTime(target.value)}
          />
        </>
      ) : (
        <>
          <Select
            label={t('subscriptions.comparison')}
            value={comparison}
            choices={(['lt', 'gt'] as const).map((value) => ({
              value,
              label: t(`subscriptions.comparisons.${value}`),
            }))}
            onChoose={setComparison}
          />
          <TextField
            label={t('subscriptions.limit')}
            inputMode="decimal"
            value={limit}
            error={isTried && !wanted ? t('subscriptions.limitMissing') : null}
            onChange={({ target }) => setLimit(target.value)}
          />
        </>
      )}
    </ActDialog>
  )
}
