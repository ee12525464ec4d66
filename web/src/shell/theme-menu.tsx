import { type MantineColorScheme, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { Check, Monitor, Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './icon-button.tsx'

const schemes: { scheme: MantineColorScheme; Icon: typeof Sun }[] = [
  { scheme: 'light', Icon: Sun },
  { scheme: 'dark', Icon: Moon },
  { scheme: 'auto', Icon: Monitor },
]

/** Light, dark, or as the system says. Mantine keeps the choice on this device. */
export function ThemeMenu() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const computed = useComputedColorScheme('light')
  return (
    <Menu position="bottom-end" width={168} offset={6} shadow="md">
      <Menu.Target>
        <IconButton label={t('theme.label')} icon={computed === 'dark' ? Moon : Sun} />
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(({ scheme, Icon }) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={colorScheme === scheme ? <Check size={14} aria-hidden /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`theme.${scheme}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
