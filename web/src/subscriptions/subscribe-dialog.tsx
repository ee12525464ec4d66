import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Turn } from '../../../src/chat/api.ts'
import type { ChatRequests } from '../api/chat-requests.ts'
import { ActDialog } from '../parts/act-dialog.tsx'
import { Select, TextField } from '../parts/field.tsx'
import './words/load.ts'
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
  const { t } = useTranslation('subscriptions')
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
      title={isReport ? t('reportTitle') : t('alertTitle')}
      text={isReport ? t('reportText') : t('alertText')}
      action={t('save')}
      isReady={wanted !== undefined}
      onTry={() => setTried(true)}
      act={act}
      onClose={onClose}
    >
      {isReport ? (
        <>
          <Select
            label={t('day')}
            value={day}
            choices={dayChoices.map((value) => ({ value, label: t(`days.${value}`) }))}
            onChoose={setDay}
          />
          <TextField
            label={t('time')}
            type="time"
            required
            value={time}
            onChange={({ target }) => setTime(target.value)}
          />
        </>
      ) : (
        <>
          <Select
            label={t('comparison')}
            value={comparison}
            choices={(['lt', 'gt'] as const).map((value) => ({
              value,
              label: t(`comparisons.${value}`),
            }))}
            onChoose={setComparison}
          />
          <TextField
            label={t('limit')}
            inputMode="decimal"
            value={limit}
            error={isTried && !wanted ? t('limitMissing') : null}
            onChange={({ target }) => setLimit(target.value)}
          />
        </>
      )}
    </ActDialog>
  )
}
