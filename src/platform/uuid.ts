/** Whether a text is a UUID, of whichever version (RFC 9562). */
export const isUuid = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)
