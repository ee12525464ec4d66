import { Menu } from '@mantine/core'
import { Ellipsis, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationSummary } from '../../../src/chat/api.ts'
import classes from './conversation-row.module.css'

type Props = { conversation: ConversationSummary; current: boolean; onOpen: () => void; onDelete: () => void }

/** One conversation: a link that opens it in place, and its menu. */
export function ConversationRow({ conversation, current, onOpen, onDelete }: Props) {
  const { t } = useTranslation()
  return (
    <li className={classes.row} data-current={current || undefined}>
      <a
        className={classes.link}
        href={`/c/${conversation.conversationId}`}
        aria-current={current ? 'page' : undefined}
        title={conversation.title}
        onClick={(event) => {
          // With a modifier the browser opens a tab, as for any link.
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        {conversation.title}
      </a>
      <Menu position="bottom-end" width={144} shadow="md" offset={2} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <button type="button" className={classes.more} aria-label={t('list.options', { title: conversation.title })}>
            <Ellipsis size={16} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Trash2 size={16} aria-hidden />} onClick={onDelete}>
            {t('list.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  )
}
