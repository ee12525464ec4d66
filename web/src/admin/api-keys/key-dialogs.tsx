import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiKeyBody } from '../../../../src/auth/api-keys/api.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Select } from '../../parts/field.tsx'

type RotateProps = { apiKey: ApiKeyBody; rotate: (overlapHours: number) => Promise<void>; onClose: () => void }

const overlaps = ['0', '24', '168'] as const

/** A new secret for a key, and for how long the one in use goes on working. */
export function RotateDialog({ apiKey, rotate, onClose }: RotateProps) {
  const { t } = useTranslation('admin')
  const [hours, setHours] = useState<(typeof overlaps)[number]>('24')
  return (
    <ActDialog
      title={t('apiKeys.rotateTitle', { name: apiKey.name })}
      text={t('apiKeys.rotateText')}
      action={t('apiKeys.rotate')}
      isDangerous={hours === '0'}
      act={() => rotate(Number(hours))}
      onClose={onClose}
    >
      <Select
        label={t('apiKeys.overlap')}
        value={hours}
        choices={overlaps.map((value) => ({ value, label: t(`apiKeys.overlaps.${value}`) }))}
        onChoose={setHours}
      />
    </ActDialog>
  )
}

type RevokeProps = { apiKey: ApiKeyBody; revoke: () => Promise<void>; onClose: () => void }

/** Ends a key for good. */
export function RevokeDialog({ apiKey, revoke, onClose }: RevokeProps) {
  const { t } = useTranslation('admin')
  return (
    <ActDialog
      title={t('apiKeys.revokeTitle', { name: apiKey.name })}
      text={t('apiKeys.revokeText')}
      action={t('apiKeys.revoke')}
      isDangerous
      act={revoke}
      onClose={onClose}
    />
  )
}
