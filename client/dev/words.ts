/** Names and texts that real people have: long, right-to-left, without spaces, hostile, empty. */

export const PEOPLE: readonly [name: string, handle: string, followers: number | null][] = [
  ["Dana Reyes", "danareyes", 48_210],
  ["Tomas Okafor", "tomas.okafor.social", 212],
  ["Jo Sandberg", "josandberg", 3_214_000],
  ["Lena Vogt", "lenavogt", null],
  ["نور الهاشمي", "noor_h", 5_120],
  ["山田 さくら", "sakura.yamada", 902],
  ["Maximiliana-Konstanze von Hohenfels-Oberschwanenstein", "maximiliana.konstanze.von.hohenfels", 77],
  ["🦄 priya 🌈✨", "priyak", 1_530],
  ["user88213", "user88213", 0],
  ["", "nameless", 3],
  ["<img src=x onerror=alert(1)>", "hostile", 13],
  ["Ana Nunes", "ana", 640],
  ["Z̸̢͓a̷͎͝l̴̹̕g̷̛̰o̵̟͘", "zalgo", 9],
  ["עדי לוי", "adi.levi", 2_200],
  ["Rui Barros", "rui.barros", 155],
  ["Ольга Петренко", "olga_p", 31_000],
];

export const WORDS: readonly string[] = [
  "Flight cancelled at the gate, rebooked for tomorrow without asking. I have had enough. Is there a human at @northair?",
  "Third delay today and nobody can tell me if I still have a seat.",
  "Booking Q7K2MX. I need to be in Denver tonight.",
  "Signed for the parcel, box is empty. It was a gift for my daughter's birthday tomorrow 😢",
  "We've had enough of talking to machines. Who's with me?",
  "هل الخط الشمالي لا يزال معطلاً؟ اليوم الرابع بدون إنترنت https://example.com/status",
  "荷物が届きません。追跡番号は JP123456789 です。どうすればいいですか?",
  "Charged twice for the same seat, order is here: https://example.com/orders/4711?from=mail&lang=en (second one is the wrong one)",
  "Could someone explain the new fare rules, please? I read the page twice and still do not know whether a cello counts as hand luggage or as a passenger, and the chat told me both.",
  "<script>alert('hello')</script> & <b>bold</b> javascript:alert(1)",
  "Thank you Mia, sorted in ten minutes! 🎉🎉",
  "מתי הטיסה הבאה לתל אביב?",
  "Is the lounge open on Sundays?",
  "Lost bag, day 3. The form says „in progress“ since Tuesday.\n\nTag 0074-221-908\nBlack, one green ribbon.",
  "Pourquoi mon remboursement prend-il trois semaines ?",
  "Wheelchair assistance did not come, we missed the connection.",
  "averyveryverylongwordwithoutanyspacewhatsoeverthatmustbreaksomewhereorelseitpushesthecolumnwideeeeeeeeeeeeeeeeeeeeeeeeeer",
  "👨‍👩‍👧‍👦🏳️‍🌈🇪🇸",
];

export const ANSWERS: readonly string[] = [
  "Hi, I'm Mia, a person. I have your booking open and stay with you on this. Details in a direct message now. ^MK",
  "Thank you for waiting. A courier brings the right parcel tomorrow before noon.",
  "You are on DEN 18:40, seat 14C. Nothing more for you to do.",
];
