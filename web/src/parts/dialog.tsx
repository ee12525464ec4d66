import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

type Props = {
  title: string
  /** Whether only what is in it closes it: neither a slip beside it nor Esc. */
  isKept?: boolean
  onClose: () => void
  children: ReactNode
}

/** A dialog over the page. */
export function Dialog({ title, isKept = false, onClose, children }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      withCloseButton={!isKept}
      closeOnClickOutside={!isKept}
      closeOnEscape={!isKept}
      closeButtonProps={{ 'aria-label': t('close') }}
      centered
      size="md"
      lockScroll={false}
      transitionProps={{ duration: 0 }}
    >
      {children}
    </Modal>
  )
}
