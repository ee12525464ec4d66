import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingSchedule } from '../../../../src/training/api.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Checkbox, Select, TextField } from '../../parts/field.tsx'
import { Section } from '../../parts/section.tsx'
import { formatInstant } from '../../parts/when.ts'
import type { TrainingRequests } from '../training-requests.ts'
import classes from './training-page.module.css'

type Props = { schedule: TrainingSchedule; requests: TrainingRequests; onChanged: (schedule: TrainingSchedule) => void }

/** When training begins by itself, and how a new model is tried out. */
export function ScheduleSection({ schedule, requests, onChanged }: Props) {
  const { t, i18n } = useTranslation('admin')
  const [isEditing, setEditing] = useState(false)
  const { nextRunAt, isEnabled, cron, timeZone, canaryShare, canaryS, watchS, trainer, memoryMb, concurrency } =
    schedule
  const facts = [
    [t('training.next'), isEnabled && nextRunAt ? formatInstant(nextRunAt, i18n.language) : t('training.paused')],
    [t('training.cron'), `${cron} (${timeZone})`],
    [t('training.trainer'), trainer],
    [
      t('training.trial'),
      canaryShare > 0
        ? t('training.trialOf', { percent: Math.round(canaryShare * 100), minutes: Math.round(canaryS / 60) })
        : t('training.noTrial'),
    ],
    [t('training.watch'), t('training.minutes', { count: Math.round(watchS / 60) })],
    [
      t('training.limits'),
      t('training.limitsOf', { memory: memoryMb.toLocaleString(i18n.language), jobs: concurrency }),
    ],
  ]
  return (
    <Section
      title={t('training.schedule')}
      actions={
        <button type="button" className="plain-button" onClick={() => setEditing(true)}>
          {t('training.edit')}
        </button>
      }
    >
      <div className={classes.card}>
        <dl className={classes.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      {isEditing && (
        <ScheduleDialog
          schedule={schedule}
          save={async (change) => onChanged(await requests.changeSchedule(change))}
          onClose={() => setEditing(false)}
        />
      )}
    </Section>
  )
}

type DialogProps = {
  schedule: TrainingSchedule
  save: (change: Partial<TrainingSchedule>) => Promise<void>
  onClose: () => void
}

function ScheduleDialog({ schedule, save, onClose }: DialogProps) {
  const { t } = useTranslation('admin')
  const [isEnabled, setEnabled] = useState(schedule.isEnabled)
  const [cron, setCron] = useState(schedule.cron)
  const [trainer, setTrainer] = useState(schedule.trainer)
  const [share, setShare] = useState(String(Math.round(schedule.canaryShare * 100)))
  const [trialMinutes, setTrialMinutes] = useState(String(Math.round(schedule.canaryS / 60)))
  const [watchMinutes, setWatchMinutes] = useState(String(Math.round(schedule.watchS / 60)))
  const number = (text: string) => Number.parseInt(text, 10) || 0
  const amounts = [
    { key: 'share', label: t('training.share'), value: share, set: setShare, max: 100 },
    { key: 'trial', label: t('training.trialMinutes'), value: trialMinutes, set: setTrialMinutes, max: 10_080 },
    { key: 'watch', label: t('training.watchMinutes'), value: watchMinutes, set: setWatchMinutes, max: 10_080 },
  ]
  return (
    <ActDialog
      title={t('training.schedule')}
      action={t('training.save')}
      act={() =>
        save({
          ...{ isEnabled, cron: cron.trim(), trainer, canaryShare: Math.min(100, number(share)) / 100 },
          ...{ canaryS: number(trialMinutes) * 60, watchS: number(watchMinutes) * 60 },
        })
      }
      onClose={onClose}
    >
      <Checkbox
        label={t('training.enabled')}
        checked={isEnabled}
        onChange={({ target }) => setEnabled(target.checked)}
      />
      <TextField
        label={t('training.cron')}
        hint={t('training.cronHint', { zone: schedule.timeZone })}
        value={cron}
        maxLength={100}
        spellCheck={false}
        onChange={({ target }) => setCron(target.value)}
      />
      <Select
        label={t('training.trainer')}
        value={trainer}
        choices={[...new Set([...schedule.trainers, trainer])].map((value) => ({ value, label: value }))}
        onChoose={setTrainer}
      />
      {amounts.map(({ key, label, value, set, max }) => (
        <TextField
          key={key}
          label={label}
          type="number"
          min={0}
          max={max}
          value={value}
          onChange={({ target }) => set(target.value)}
        />
      ))}
    </ActDialog>
  )
}
