import { Tooltip } from '@mantine/core'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import classes from './icon-button.module.css'

type Props = { label: string; icon: LucideIcon; size?: number; hint?: boolean } & Omit<
  ComponentProps<'button'>,
  'aria-label' | 'children'
>

/** A square button with an icon; its label is read out and, with `hint`, shown on hover. */
export function IconButton({ label, icon: Icon, size = 18, hint = true, ...rest }: Props) {
  return (
    <Tooltip label={label} openDelay={400} disabled={!hint}>
      <button type="button" {...rest} className={`${classes.button} ${rest.className ?? ''}`} aria-label={label}>
        <Icon size={size} strokeWidth={1.75} aria-hidden />
      </button>
    </Tooltip>
  )
}
