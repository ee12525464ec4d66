const told = /알려|알림|알람|통보|통지|노티|푸시|메일|보내|\b(?:tell|notify|alert|ping|e?-?mail|push|let me know)\b/i
const newWord = /(?:^|(?<=\s))(?:새로운|새로|새|신규)(?=\s)|\bnew(?:ly)?\b/gi
/** What a record does that was not there: without a word for new, too. */
const appears =
  /(?:올라오|들어오|생기|등록되|접수되|추가되|상신되)면|\b(?:comes?\s+in|arrives?|is\s+(?:created|added|raised|submitted|filed|entered)|gets\s+(?:created|added|raised|submitted)|shows?\s+up)\b/i
/** With a word for new beside it. */
const mayAppear = /(?:있으|오|나오|뜨|잡히|나)면|\b(?:when|whenever|if|once)\b/i
const englishArrival =
  /\b(?:a|an|any)\b(?=\s+new\b)|\b(?:comes?\s+in|arrives?|shows?\s+up|is\s+filed|there\s+is|there's)\b/gi

const blank = (text: string): string => ' '.repeat(text.length)

/**
 * A sentence that asks to be told when something appears (새 결재 올라오면 알려줘), with the words that say that it is new left blank, so
 * that what remains says of what. Undefined for any other.
 */
export function readAppearance(text: string): string | undefined {
  if (!told.test(text)) return undefined
  const isNew = text.search(newWord) >= 0
  if (!appears.test(text) && !(isNew && mayAppear.test(text))) return undefined
  return text.replace(englishArrival, blank).replace(newWord, blank)
}
