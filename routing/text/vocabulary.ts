/** Words that say nothing about the topic of a question, as data. */

const list = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean));

/** Grammar, politeness and filler. */
export const FUNCTION_WORDS = list(`
  a an the this that these those it its it's itself they them their theirs he she his her him we us our ours you your
  yours i i'm i'd i've i'll me my mine one ones each every all any some both either neither none other others another
  same such own and or but nor so yet if then than as at by for from in into of off on onto out over per to up upon
  with within without about above across after against along among around before behind below beneath beside besides
  between beyond down during except inside near outside since through throughout till toward towards under until via
  vs versus what what's whats which who who's whos whom whose when where why how how's is isn't are aren't was were be
  been being am do does doesn't did didn't don't done have has had having can can't cannot could would should shall
  will won't may might must ought let let's there here not no yes only just even also too very more most less least
  much many few several lot lots quite rather really still already again ever never always often usually please pls
  plz kindly thanks thank ok okay hey hi hello well good now like w etc else something anything everything someone
  anyone everyone thing things stuff there's that's they're we're you're i.e e.g am pm
  likely likeliest probably possible possibly maybe perhaps exactly approximately roughly total overall altogether
  accordingly therefore thus hence however additionally moreover furthermore meanwhile afterwards separately
  different unrelated independently go going get gets got getting hm hmm um uh oh ah eh`);

/** Verbs of asking: they tell that something is wanted, not what. */
export const ASKING_VERBS = list(`
  show give tell list find display provide present name state explain describe summarise summarize outline report
  take make draw create build prepare write produce compile put bring fetch pull look see check know want need help
  wonder ask answer walk start identify determine work run use using apply attach add include pick choose select
  compare say says said mean think consider let's change changed changes happen happened happens break send sort
  repeat continue elaborate introduce`);

/** Times: nearly every question may hold one. */
export const TIME_WORDS = list(`
  today tomorrow yesterday tonight now currently current right moment day days daily week weeks weekly month months
  monthly quarter quarters quarterly year years yearly annual annually date time last next past previous prior coming
  upcoming recent recently latest first second third january february march april may june july august september
  october november december weekend weekends monday tuesday wednesday thursday friday saturday sunday q1 q2 q3 q4 ytd`);

export const NUMBER_WORDS: Readonly<Record<string, number>> = {
  two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, twelve: 12, fifteen: 15,
  twenty: 20, thirty: 30, fifty: 50, hundred: 100,
}; // prettier-ignore

/** Nouns that need something beside them to mean anything. */
export const VAGUE_NOUNS = list(`
  number numbers figure figures data report reports performance status result results situation overview detail
  details info information summary update updates news risk risks issue issues problem problems topic question
  questions item items case cases point points way ways kind kinds sort type types part parts doing do thing
  state progress difference comparison level levels amount value values usual normal regular standard good bad fine right wrong
  useful important interesting new old full complete whole rest trend worth differently normal happening limit limits deadline deadlines`);

/** Degrees and ranks. */
export const RANK_WORDS = list(`
  top bottom best worst biggest largest smallest highest lowest greatest most least big large small high low major
  main key leading important worse better`);
