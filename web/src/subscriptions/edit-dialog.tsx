import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangeSubscription, SubscriptionBody } from '../../../src/subscriptions/api.ts'
import { ActDialog } from '../parts/act-dialog.tsx'
import { Checkbox, Select, TextField } from '../parts/field.tsx'
import classes from './edit-dialog.module.css'
import { changeOf, type EditForm, readSubscription, timeZonesWith } from './edit-form.ts'
import { monthDays, rhythms, type ScheduleForm, weekdays } from './schedule-form.ts'

type Props = {
  subscription: SubscriptionBody
  change: (change: ChangeSubscription) => Promise<void>
  onClose: () => void
}

/** When and how a report or an alert comes. */
export function EditDialog({ subscription, change, onClose }: Props) {
  const { t } = useTranslation('subscriptions')
  const [form, setForm] = useState(() => readSubscription(subscription))
  const [zones] = useState(() => timeZonesWith(subscription.timeZone))
  const fill = (part: Partial<EditForm>) => setForm({ ...form, ...part })
  const wanted = changeOf(subscription, form)
  const { schedule } = form
  return (
    <ActDialog
      title={t('editTitle')}
      text={subscription.title}
      action={t('save')}
      isReady={wanted !== undefined}
      act={async () => {
        if (wanted && Object.keys(wanted).length > 0) await change(wanted)
      }}
      onClose={onClose}
    >
      {schedule && (
        <ScheduleFields schedule={schedule} onFill={(part) => fill({ schedule: { ...schedule, ...part } })} />
      )}
      <Select
        label={t('timeZone')}
        value={form.timeZone}
        choices={zones.map((zone) => ({ value: zone, label: zone }))}
        onChoose={(timeZone) => fill({ timeZone })}
      />
      <Select
        label={t('channel')}
        value={form.channel}
        choices={(['email', 'push'] as const).map((value) => ({ value, label: t(`channels.${value}`) }))}
        onChoose={(channel) => fill({ channel })}
      />
      {subscription.kind === 'alert' && <QuietFields form={form} onFill={fill} />}
    </ActDialog>
  )
}

type ScheduleProps = { schedule: ScheduleForm; onFill: (part: Partial<ScheduleForm>) => void }

function ScheduleFields({ schedule, onFill }: ScheduleProps) {
  const { t } = useTranslation('subscriptions')
  const { rhythm, time, weekday, monthDay, cron } = schedule
  return (
    <>
      <Select
        label={t('day')}
        value={rhythm}
        choices={rhythms.map((value) => ({ value, label: t(`rhythms.${value}`) }))}
        onChoose={(chosen) => onFill({ rhythm: chosen })}
      />
      {rhythm === 'weekly' && (
        <Select
          label={t('weekday')}
          value={weekday}
          choices={weekdays.map((value) => ({ value: value as string, label: t(`weekdays.${value}`) }))}
          onChoose={(chosen) => onFill({ weekday: chosen })}
        />
      )}
      {rhythm === 'monthly' && (
        <Select
          label={t('monthDay')}
          value={monthDay}
          choices={monthDays.map((value) => ({ value, label: t('dayOfMonth', { day: value }) }))}
          onChoose={(chosen) => onFill({ monthDay: chosen })}
        />
      )}
      {rhythm === 'other' ? (
        <TextField
          label={t('cron')}
          hint={t('cronHint')}
          value={cron}
          maxLength={100}
          spellCheck={false}
          onChange={({ target }) => onFill({ cron: target.value })}
        />
      ) : (
        <TextField
          label={t('time')}
          type="time"
          required
          value={time}
          error={time === '' ? t('timeMissing') : null}
          onChange={({ target }) => onFill({ time: target.value })}
        />
      )}
    </>
  )
}

type QuietProps = { form: EditForm; onFill: (part: Partial<EditForm>) => void }

function QuietFields({ form: { isQuiet, quietFrom, quietTo }, onFill }: QuietProps) {
  const { t } = useTranslation('subscriptions')
  return (
    <fieldset className={classes.quiet}>
      <legend className="hidden-text">{t('quietHours')}</legend>
      <Checkbox label={t('quietOn')} checked={isQuiet} onChange={({ target }) => onFill({ isQuiet: target.checked })} />
      {isQuiet && (
        <div className={classes.pair}>
          <TextField
            label={t('quietFrom')}
            type="time"
            required
            value={quietFrom}
            onChange={({ target }) => onFill({ quietFrom: target.value })}
          />
          <TextField
            label={t('quietTo')}
            type="time"
            required
            value={quietTo}
            error={quietFrom === quietTo ? t('quietSame') : null}
            onChange={({ target }) => onFill({ quietTo: target.value })}
          />
        </div>
      )}
    </fieldset>
  )
}
