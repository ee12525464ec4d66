import { Drawer } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { PanelLeft } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import { createChatRequests } from '../api/chat-requests.ts'
import type { ApiClient } from '../api/client.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { phoneQuery } from '../shell/phone-query.ts'
import { SkipLink } from '../shell/skip-link.tsx'
import { TopBar } from '../shell/top-bar.tsx'
import { useRoute } from '../shell/use-route.ts'
import { AnswerAnnouncer } from './answer-announcer.tsx'
import classes from './chat-page.module.css'
import { Composer, type ComposerHandle } from './composer.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { ConversationList } from './conversation-list.tsx'
import { Transcript } from './transcript.tsx'
import { useChat } from './use-chat.ts'
import { useConversations } from './use-conversations.ts'
import { useShortcuts } from './use-shortcuts.ts'

const sidebarKey = 'sidebar'

type Props = { me: Me; api: ApiClient; onSignOut: () => void }

/** The whole signed-in screen: conversations, top bar, the conversation, and the box to ask in. */
export function ChatPage({ me, api, onSignOut }: Props) {
  const { t } = useTranslation()
  const isPhone = useMediaQuery(phoneQuery, undefined, { getInitialValueInEffect: false })
  const { route, navigate } = useRoute()
  const conversations = useConversations(useMemo(() => createChatRequests(api), [api]))
  const chat = useChat({ api, route, navigate, onAnswered: conversations.refresh })
  const composer = useRef<ComposerHandle>(null)
  const [sidebarShown, setSidebarShown] = useState(() => localStorage.getItem(sidebarKey) !== 'hidden')
  const [drawerOpen, drawer] = useDisclosure(false)
  useShortcuts({ focusInput: () => composer.current?.focus() })

  function toggleSidebar(): void {
    if (isPhone) {
      drawer.open()
      return
    }
    localStorage.setItem(sidebarKey, sidebarShown ? 'hidden' : 'shown')
    setSidebarShown(!sidebarShown)
  }

  function startNew(): void {
    drawer.close()
    chat.startNew()
    composer.current?.focus()
  }

  const listShown = !isPhone && sidebarShown
  const title = chat.state.title ?? chat.state.pending?.question ?? chat.state.failed?.question
  const list = (
    <ConversationList
      list={conversations}
      currentId={route.conversationId}
      onNew={startNew}
      onOpen={(conversationId) => {
        drawer.close()
        navigate(conversationId)
      }}
      onDeleted={(conversationId) => {
        if (conversationId === route.conversationId) startNew()
      }}
    />
  )

  return (
    <div className={classes.page}>
      <SkipLink />
      {listShown && <aside className={classes.sidebar}>{list}</aside>}
      <Drawer
        opened={isPhone === true && drawerOpen}
        onClose={drawer.close}
        size={304}
        padding={0}
        withCloseButton={false}
        lockScroll={false}
        attributes={{ content: { 'aria-label': t('list.label') } }}
      >
        <div className={classes.drawer}>{list}</div>
      </Drawer>
      <div className={classes.stage}>
        <TopBar me={me} api={api} onSignOut={onSignOut}>
          <IconButton
            icon={PanelLeft}
            label={listShown ? t('list.hide') : t('list.open')}
            aria-expanded={listShown}
            onClick={toggleSidebar}
          />
          <h1>{title ?? t('list.new')}</h1>
        </TopBar>
        <ConnectionBanner connection={chat.connection} onReconnect={chat.reconnectNow} />
        <Transcript me={me} chat={chat} />
        <Composer ref={composer} chat={chat} />
      </div>
      <AnswerAnnouncer state={chat.state} />
    </div>
  )
}
