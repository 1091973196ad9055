/** Recognises talk that needs no backend: greetings, thanks, and questions about the assistant itself. */
import { wordsOf } from "../text/words.ts";

/** Each pattern is one whole remark. */
const REMARKS: readonly RegExp[] = [
  /^(?:hi+|hello|hey+|howdy|greetings|hallo|good (?:morning|afternoon|evening|day|night)|welcome)(?: (?:there|all|everyone|team|again|you|folks))?$/,
  /^(?:thanks?|thank you|thx|cheers|many thanks|much appreciated)(?: (?:a lot|so much|very much|again|for (?:your|the|that|this|all)(?: \S+){0,3}|everyone))?$/,
  /^(?:ok(?:ay)?|great|perfect|nice|cool|super|awesome|excellent|good|very good|well done|got it|understood|i see|alright|fine|sounds good|wonderful|good job|nice work)$/,
  /^(?:that(?:'s| is| was| will be| would be) (?:all|it|everything|enough|great|perfect|helpful|very helpful|good)|that(?:'s| is) all (?:for (?:now|today)|i (?:need|needed|wanted))|nothing (?:else|more)|no more questions|(?:that|this|it) (?:really )?help(?:s|ed)(?: a lot| me)?|no,? thanks?(?: you)?|all good)$/,
  /^(?:bye(?: bye)?|goodbye|see you(?: later| soon| tomorrow)?|take care|have a (?:nice|good|great) (?:day|evening|weekend|one)|until (?:next time|tomorrow|later))$/,
  /^(?:who|what) are you(?: (?:exactly|really|called|good at|made of|trained on|capable of))?$/,
  /^(?:please )?(?:introduce|describe|present|explain) (?:yourself|what you (?:can )?do|how you work)$/,
  /^tell me (?:more |something |a bit |a little )?about (?:yourself|you)$/,
  /^(?:what|which questions|which things) (?:can|could|may|should) (?:i|we) ask(?: you)?(?: about)?$/,
  /^what (?:are|is|'s) your (?:capabilities|skills|features|purpose|job|role|limits|limitations|functions?|strengths)$/,
  /^(?:can|could|would) you (?:explain|tell me|describe|say) (?:what|who|how) you\b.{0,20}$/,
  /^(?:what|which) (?:questions?|topics?|things?|requests?)\b.{0,20}\byou (?:answer|understand|handle|cover|know)(?: about)?$/,
  /^are you (?:there|ready|awake|online|available|okay|ok|working|listening|sure|serious)$/,
  /^(?:great|good|nice|excellent|amazing|fantastic) (?:job|work|answer|one|stuff|to hear|to know)$/,
  /^(?:merci|danke|gracias|grazie|obrigado|hola|bonjour|ciao|servus|salut|adios|moin|namaste|ol[aá])$/,
  /^(?:who|what) am i (?:talking|speaking|chatting) (?:to|with)$/,
  /^(?:what(?:'s| is) your name|do you have a name|what do you do|what are you for|are you (?:a|an) (?:bot|ai|robot|human|machine|person|assistant)|who (?:made|built|created) you)$/,
  /^(?:how are you|how(?:'s| is) it going|how do you do|how are things|what's up|how have you been)(?: (?:doing|today|these days|this \S+))*$/,
  /^(?:what|which|how) (?:can|could|do|are|kinds?|sorts?|types?|things?)\b.{0,40}\b(?:you (?:do|help(?: me)?(?: with)?|answer|know|offer|support|able to do|capable of)|(?:can|could|may|should) i ask(?: you)?(?: about)?)$/,
  /^(?:help|help me|can you help(?: me)?|i need (?:some )?help|how does this work|how do i use (?:this|you)|what is this|how do you work|give me (?:an example|some examples)|what (?:data|sources|backends|systems|agents) (?:do you|can you) (?:have|use|access|reach|know)(?: access to)?)$/,
  /^(?:nice|good|pleased) to (?:meet|see) you(?: too)?$/,
  /^(?:sorry|never ?mind|forget it|just testing|testing|test|ping|you(?:'re| are) (?:great|welcome|awesome|helpful|nice|the best))$/,
];

/** Whether the whole text is such remarks, one after the other. */
export function isSmallTalk(text: string): boolean {
  const remarks = text
    .toLowerCase()
    .replaceAll("’", "'")
    .split(/[.!?,;\n]+| and (?=(?:what|who|how) )/)
    .map((remark) =>
      remark
        .replace(/^(?:and|so|well|oh|ok|okay|please|hey|hi)\s+(?!there\b)(?=\S)/, "")
        .replace(/[^\p{L}\p{N}' ]+/gu, " ")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((remark) => wordsOf(remark).length > 0);
  if (remarks.length === 0 || remarks.length > 5) return false;
  return remarks.every((remark) => REMARKS.some((pattern) => pattern.test(remark)));
}
