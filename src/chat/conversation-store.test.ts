import { testConversationStore } from './conversation-store.contract.ts'
import { createMemoryConversationStore } from './conversation-store-fixture.ts'

testConversationStore(createMemoryConversationStore)
