import { useCallback, useEffect, useState } from 'react'
import type { ConversationSummary } from '../../../src/chat/api.ts'
import type { ChatRequests } from '../api/chat-requests.ts'

export type ConversationList = {
  status: 'loading' | 'ready' | 'failed'
  conversations: ConversationSummary[]
  refresh: () => void
  /** Rejects when the server refused; the list is as it was. */
  remove: (conversationId: string) => Promise<void>
}

/** The person's conversations. A failed refresh keeps the list that is on screen. */
export function useConversations(requests: ChatRequests): ConversationList {
  const [status, setStatus] = useState<ConversationList['status']>('loading')
  const [conversations, setConversations] = useState<ConversationSummary[]>([])
  const refresh = useCallback(() => {
    requests
      .listConversations()
      .then((list) => {
        setConversations(list)
        setStatus('ready')
      })
      .catch(() => setStatus((now) => (now === 'ready' ? now : 'failed')))
  }, [requests])
  useEffect(refresh, [refresh])
  const remove = useCallback(
    async (conversationId: string) => {
      await requests.deleteConversation(conversationId)
      setConversations((list) => list.filter((conversation) => conversation.conversationId !== conversationId))
    },
    [requests],
  )
  return { status, conversations, refresh, remove }
}
