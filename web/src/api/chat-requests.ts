import type { AskInput, AskReply, Conversation, ConversationSummary, Feedback, Prompt } from '../../../src/chat/api.ts'
import type { NewSubscription, SubscriptionBody } from '../../../src/subscriptions/api.ts'
import type { ApiClient } from './client.ts'
import { downloadFile } from './download-file.ts'

export type ExportFormat = 'csv' | 'xlsx'
/** `next` asks for the conversations after these. */
export type ConversationPage = { conversations: ConversationSummary[]; next?: string }

/** The chat's HTTP calls, by name. */
export type ChatRequests = ReturnType<typeof createChatRequests>

/** Binds the chat's HTTP calls to a client. All throw ApiError. */
export function createChatRequests(api: ApiClient) {
  return {
    ask: (input: AskInput) => api.post<AskReply>('/api/v1/chat/messages', input),
    listConversations: (after?: string) =>
      api.get<ConversationPage>(`/api/v1/conversations${after ? `?after=${encodeURIComponent(after)}` : ''}`),
    openConversation: (id: string) => api.get<Conversation>(`/api/v1/conversations/${encodeURIComponent(id)}`),
    deleteConversation: (id: string) => api.remove(`/api/v1/conversations/${encodeURIComponent(id)}`),
    suggest: async () => (await api.get<{ prompts: Prompt[] }>('/api/v1/suggestions')).prompts,
    rate: (conversationId: string, turnId: string, feedback: Feedback) =>
      api.post<Feedback>(`/api/v1/conversations/${conversationId}/turns/${turnId}/feedback`, feedback),
    subscribe: (wanted: NewSubscription) => api.post<SubscriptionBody>('/api/v1/subscriptions', wanted),
    /** Saves an answer's rows as a file under the name the server gives. */
    download: (path: string, format: ExportFormat) => downloadFile(api, path, `answer.${format}`),
  }
}

/** Where a turn's rows are as a file. */
export function exportPath(conversationId: string, turnId: string, format: ExportFormat): string {
  return `/api/v1/conversations/${conversationId}/turns/${turnId}/export?format=${format}`
}
