import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActDialog } from './act-dialog.tsx'
import { TextArea } from './field.tsx'

type Props = {
  title: string
  text: string
  action: string
  isDangerous?: boolean
  act: (reason: string) => Promise<void>
  onClose: () => void
  children?: ReactNode
}

const shortest = 2

/** A dialog that does one thing for a reason, which is kept. */
export function ReasonDialog({ act, children, ...rest }: Props) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const isEnough = reason.trim().length >= shortest
  return (
    <ActDialog {...rest} isReady={isEnough} onTry={() => setTried(true)} act={() => act(reason.trim())}>
      <TextArea
        label={t('reason')}
        hint={t('reasonHint')}
        error={isTried && !isEnough ? t('reasonMissing') : null}
        value={reason}
        maxLength={200}
        data-autofocus
        // One line: a reason is a sentence, not a letter.
        onChange={({ target }) => setReason(target.value.replace(/\s*\n\s*/g, ' '))}
      />
      {children}
    </ActDialog>
  )
}
