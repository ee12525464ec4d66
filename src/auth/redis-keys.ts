/** What every key of ours in Redis begins with: others may share the server. */
export const redisPrefix = 'erp-chatbot:'
