import { Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { Check, Monitor, Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../parts/icon-button.tsx'
import classes from './theme-menu.module.css'

const schemes = [
  { scheme: 'light', Icon: Sun },
  { scheme: 'dark', Icon: Moon },
  { scheme: 'auto', Icon: Monitor },
] as const

/** Light, dark, or as the system says. Mantine keeps the choice on this device. */
export function ThemeMenu() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const computed = useComputedColorScheme('light')
  return (
    <Menu position="bottom-end" width={176} offset={6} shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <IconButton label={t('theme.label')} icon={computed === 'dark' ? Moon : Sun} hint={false} />
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(({ scheme, Icon }) => (
          <Menu.RadioItem
            key={scheme}
            value={scheme}
            checked={colorScheme === scheme}
            checkIcon={<Check size={14} aria-hidden />}
            onChange={() => setColorScheme(scheme)}
            closeMenuOnClick
          >
            <span className={classes.choice}>
              <Icon size={16} aria-hidden />
              {t(`theme.${scheme}`)}
            </span>
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
