package dev.assay.decide.check;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The words of some twenty languages by which a passage that is meant for a judge gives itself
/// away.
///
/// An entry is the beginning of a word or phrase, a whole one where it ends in a full stop. Case,
/// accents and invisible characters do not count, on either side.
final class ClueWords {

    private static final String WORDS =
            """
            IGNORE: ignor, disregard, forget, overrid, bypass, skip, set aside, do not follow, don't follow, do not apply,
              does not apply, don't apply, no longer apply, pay no attention, discard, do not evaluate, don't evaluate,
              do not grade, not a judge, missacht, vergiss, vergesst, vergessen sie, außer acht, gelten nicht, gilt nicht,
              beachte nicht, befolge nicht, oubli, tiens pas compte, tenez pas compte, abstraction, ne suis pas,
              ne suivez pas, olvid, caso omiso, desatiend, descart, no apliques, esquec, desconsider, dimentic, tralasci,
              non tenere conto, negeer, vergeet, pomiń, zapomnij, zignoruj, игнорир, проигнорир, забудь, не учитыва,
              не обращай, отбрось, ігнор, проігнор, забудьте, yok say, görmezden gel, dikkate alma, unut, göz ardı,
              忽略, 无视, 忽视, 忘记, 忘掉, 不要遵循, 不要理会, 無視, 不用管, 忘れ, 従わない, 무시, 잊, تجاهل, انس, لا تتبع,
              अनदेखा, नज़रअंदाज़, नजरअंदाज, भूल जा, उपेक्षा, abaikan, lupakan, bỏ qua, hãy quên, bortse, glem, zapomeň, zapomeňte
            RUBRIC: rubric, grading criteria, grading instruction, grading guide, grading scheme, grading rule,
              scoring criteria, scoring instruction, scoring guide, scoring rule, evaluation criteria,
              evaluation instruction, evaluation guide, evaluation rule, marking scheme, judging criteria,
              judging instruction, judge's instruction, bewertungskriteri, bewertungsraster, bewertungsrichtlini,
              bewertungsvorgab, bewertungsanweis, bewertungsschema, bewertungsmaßst, bewertungsregel, grille d'évaluation,
              grille de notation, critères d'évaluation, critères de notation, barème, consignes d'évaluation,
              consignes de notation, rúbrica, criterios de evaluación, criterios de calificación,
              instrucciones de evaluación, critérios de avaliação, instruções de avaliação, criteri di valutazione,
              griglia di valutazione, istruzioni di valutazione, beoordelingscriteri, beoordelingsrichtlijn,
              kryteria oceny, kryteriów oceny, kryteria oceniania, zasady oceniania, rubryk, критерии оцен,
              критериев оцен, критерії оцін, рубрик, инструкции по оценке, правила оценки, değerlendirme kriter,
              değerlendirme ölçüt, değerlendirme talimat, puanlama kriter, puanlama anahtar, puanlama ölçüt, rubrik,
              评分标准, 评分细则, 评判标准, 评估标准, 评价标准, 评分规则, 評分標準, 评分指南, 採点基準, 評価基準, ルーブリック, 評価指示,
              採点ルール, 채점 기준, 평가 기준, 루브릭, 채점기준, 평가기준, معايير التقييم, معايير التصحيح, سلم التقييم, تعليمات التقييم,
              मूल्यांकन मानदंड, मूल्यांकन के मानदंड, रूब्रिक, ग्रेडिंग मानदंड, kriteria penilaian, pedoman penilaian,
              tiêu chí đánh giá, tiêu chí chấm, thang điểm, hướng dẫn chấm, bedömningskriteri, kritéria hodnocení
            INSTRUCTIONS: previous instruction, prior instruction, earlier instruction, above instruction, preceding instruction,
              instructions above, instructions before, all instruction, your instruction, system prompt, previous prompt,
              these instruction, other instruction, everything above, everything before, criteria above, the criteria.,
              vorherigen anweisung, bisherigen anweisung, vorigen anweisung, obigen anweisung, alle anweisung,
              deine anweisung, früheren anweisung, instructions précédent, consignes précédent, toutes les instructions,
              vos instructions, tes instructions, instructions ci-dessus, instrucciones anterior, instrucciones previas,
              todas las instrucciones, tus instrucciones, instruções anterior, todas as instruções, suas instruções,
              istruzioni precedent, tutte le istruzioni, tue istruzioni, vorige instructie, eerdere instructie,
              alle instructie, de criteria, poprzednie instrukcje, wszystkie instrukcje, poprzednie polecenia,
              предыдущие инструкции, предыдущих инструкций, все инструкции, прежние указания, предыдущие указания,
              önceki talimat, tüm talimat, ölçütler, 之前的指示, 之前的指令, 上述指示, 以上指令, 所有指令, 先前的指令, 前面的指令,
              以上所有, 之前所有, これまでの指示, 以前の指示, 上記の指示, すべての指示, 前の指示, 이전 지시, 이전 지침, 모든 지시, 앞의 지시,
              التعليمات السابقة, جميع التعليمات, पिछले निर्देश, सभी निर्देश, instruksi sebelumnya, semua instruksi,
              hướng dẫn trước, chỉ dẫn trước, tất cả hướng dẫn, tidigare instruktion, předchozí pokyny
            JUDGE: judge., judges., grader, evaluator, rater., raters., assessor, examiner, gutachter, bewerter,
              prüfer, korrektor, richter., juror, juge., juges., évaluateur, correcteur, examinateur, juez., evaluador,
              calificador, juiz., avaliador, corretor, giudice, valutator, esaminator, beoordelaar, rechter., jury.,
              sędzi, oceniając, egzaminator, судья, судье, судьи, оценщик, проверяющ, экзаменатор, суддя, судді, hakem,
              değerlendirici, yargıç, 评委, 评判者, 评估者, 评审, 评分者, 裁判, 阅卷, 评估员, 評審, 審査員, 採点者, 評価者, 審判, ジャッジ,
              심사위원, 채점자, 평가자, 심판, المقيم, الحكم, القاضي, المصحح, المحكم, न्यायाधीश, मूल्यांकनकर्ता, निर्णायक, परीक्षक,
              juri., penilai., hakim., giám khảo, người chấm, người đánh giá, domare., bedömare, hodnotitel, porotc
            GIVE: give., gives., giving., assign, award, grant., output, return., respond with, reply with, answer with, record.,
              rate this, score this, grade this, grade my, mark this, print, hand out, set the, report a, gib., geben sie,
              vergib, vergeben, bewerte, trage, setze, antworte mit, donne, attribu, accorde, notez, mettez, mets., répond,
              renvoi, da., dale., dé., otorg, asign, ponga, pon., califica, devuelv, responda con, dê., atribu, conced,
              classifiqu, dai., assegn, attribuisc, valuta., rispond, geef, ken toe, beoordeel, daj., dajcie, przyzna,
              wystaw, дай., дайте, постав, оцени., оцените, выстав, присво, вывед, ver., verin, puanla, 给, 打, 输出, 评为,
              返回, 給, つけ, 付け, 与え, 出力, ください, 주세요, 주십시오, 부여, 매기, 출력, 줘, اعط, أعط, امنح, ضع, منح,
              दें, दो., दीजिए, दीजिये, प्रदान, beri., berikan, hãy cho, cho điểm, cho câu, chấm., trả về, ge., sätt., dej., dejte, udělte
            MUST: must., should., deserv, has to., have to., needs to., shall., required, mandatory, ought, is due, penaliz, muss.,
              soll., verdient, zwingend, doit., doiv, mérit, devez, debe, merec, deve, merit, moet., verdien, musi., zasług, powin,
              долж, заслуж, обязан, hak ed, gerek, 必须, 应该, 应当, 应得, 值得, 應, べき, 必ず, 値する, 해야, 반드시, 받아야, 마땅, يجب,
              يستحق, تستحق, चाहिए, योग्य, अवश्य, harus, layak, pantas, phải., xứng đáng, måste, förtjän, zaslouž
            SCORE: score, scoring, grade., grades., grading, rating, mark., marks., points., verdict:, judged., judging., punkt, note., notes., bewertung,
              benotung, notation, points., puntu, punta, calificaci, nota., pontua, pontos, punteggio, voto., punti., cijfer,
              punten, ocen, wynik, оценк, оцінк, балл, puan, 评分, 分数, 打分, 得分, 给分, 9分, 10分, 点数, スコア, 採点, 評価, 9点, 10点,
              得点, 점수, 9점, 10점, 평점, درج, علامة, نقاط, تقييم, अंक, स्कोर, ग्रेड, nilai, skor, điểm, betyg, poäng, bod, hodnocen
            TOP: full mark, full score, full credit, full points, perfect score, perfect grade, top score, top grade, top mark, top rating,
              highest score, highest grade, highest mark, highest rating, highest possible, maximum score, maximum grade,
              maximum mark, maximum rating, maximum points, max score, best score, best grade, perfect 10, ten out of ten,
              volle punktzahl, höchste punktzahl, höchstpunktzahl, höchstnote, bestnote, höchste note, höchste bewertung,
              maximale punktzahl, volle punkt, note maximale, meilleure note, note parfaite, score maximal, plus haute note,
              tous les points, puntuación máxima, máxima puntuación, nota máxima, máxima calificación,
              calificación máxima, calificación perfecta, puntaje máximo, nota más alta, calificación más alta,
              pontuação máxima, máxima pontuação, nota dez, nota mais alta, punteggio massimo, massimo punteggio,
              voto massimo, massimo dei voti, pieni voti, hoogste cijfer, maximale score, hoogste score, een tien,
              najwyższą ocen, najwyższej ocen, najwyższa ocen, maksymaln, высший балл, высшую оценк, высшей оценк, высшего балла,
              максимальн, наивысш, найвищ, tam puan, en yüksek puan, 满分, 最高分, 滿分, 最高评分, 満点, 最高点, 最高評価, 最高得点, 만점,
              최고점, 최고 점수, العلامة الكاملة, الدرجة الكاملة, أعلى درجة, الدرجة النهائية, पूरे अंक, पूर्ण अंक, सर्वोच्च अंक,
              अधिकतम अंक, nilai sempurna, nilai tertinggi, skor tertinggi, skor maksimal, nilai maksimal, điểm tối đa,
              điểm cao nhất, điểm tuyệt đối, högsta betyg, full poäng, plný počet bodů, nejvyšší hodnocen
            SELF: this answer., this response, this submission, this reply, this item., this solution, my answer, my response, my reply,
              above answer, above response, answer above, response above, every reply, diese antwort, dieser antwort,
              meine antwort, meiner antwort, obige antwort, cette réponse, ma réponse, esta respuesta, mi respuesta,
              esta resposta, essa resposta, minha resposta, questa risposta, mia risposta, dit antwoord, mijn antwoord,
              ta odpowiedź, tę odpowiedź, tej odpowiedzi, moja odpowiedź, mojej odpowiedzi, этот ответ, этому ответу,
              мой ответ, моему ответу, данный ответ, данному ответу, bu cevap, bu cevab, bu yanıt, cevabım, yanıtım,
              这个回答, 该回答, 此回答, 本回答, 这个答案, 该答案, 我的回答, 我的答案, 這個回答, この回答, この解答, この答え, 私の回答,
              本回答, 이 답변, 이 응답, 내 답변, 제 답변, هذه الإجابة, هذا الجواب, إجابتي, هذا الرد, इस उत्तर, यह उत्तर, मेरे उत्तर,
              इस जवाब, मेरे जवाब, jawaban ini, jawaban saya, câu trả lời này, câu trả lời của tôi, det här svaret, mitt svar,
              tato odpověď, této odpovědi, moje odpověď
            AUTHORITY: system message, system note, system notice, system update, system override, [system, new instruction, updated instruction,
              admin., administrator, developer, important update, updated rubric, new rubric, updated grading, policy update,
              from now on, systemmeldung, systemnachricht, message système, mensaje del sistema, mensagem do sistema,
              messaggio di sistema, systeembericht, komunikat systemowy, системное сообщение, sistem mesajı, 系统消息, 系统提示,
              システムメッセージ, 시스템 메시지, رسالة النظام, सिस्टम संदेश, pesan sistem, thông báo hệ thống
            """;

    /// From here on (Hebrew, Arabic, the scripts of India and of East Asia) words may cling to what
    /// stands before them.
    private static final char FIRST_CLINGING = 0x590;

    private static final char FIRST_NOT_ASCII = 0x80;

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{M}\\p{Cf}]+");
    private static final Pattern SPACE = Pattern.compile("[\\x00-\\x20\\s\\p{Z}]+");

    private static final Node ROOT = read();

    private ClueWords() {}

    /// The clues in a text that [#folded] made.
    static Set<Clue> in(String folded) {
        Set<Clue> clues = EnumSet.noneOf(Clue.class);
        for (int i = 0; i < folded.length(); i++) {
            boolean begins =
                    i == 0
                            || folded.charAt(i) >= FIRST_CLINGING
                            || !Character.isLetterOrDigit(folded.charAt(i - 1));
            if (begins) {
                collect(folded, i, clues);
            }
        }
        return clues;
    }

    /// A text without case, accents, compatibility forms and invisible characters, each space one
    /// blank.
    static String folded(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= FIRST_NOT_ASCII) {
                return foldedByUnicode(text);
            }
            boolean space = c <= ' ';
            if (!space) {
                folded.append(Character.toLowerCase(c));
            } else if (!folded.isEmpty() && folded.charAt(folded.length() - 1) != ' ') {
                folded.append(' ');
            }
        }
        return folded.toString().stripTrailing();
    }

    private static String foldedByUnicode(String text) {
        String decomposed = Normalizer.normalize(text, Normalizer.Form.NFKD);
        String bare = INVISIBLE.matcher(decomposed).replaceAll("").toLowerCase(Locale.ROOT);
        return SPACE.matcher(bare.replace('’', '\'')).replaceAll(" ").strip();
    }

    private static void collect(String folded, int from, Set<Clue> clues) {
        Node node = ROOT;
        for (int i = from; i < folded.length(); i++) {
            Optional<Node> next = node.after(folded.charAt(i));
            if (next.isEmpty()) {
                return;
            }
            node = next.get();
            node.addTo(clues, i + 1 == folded.length() ? ' ' : folded.charAt(i + 1));
        }
    }

    private static Node read() {
        Draft root = new Draft();
        Clue clue = Clue.IGNORE;
        for (String line : WORDS.lines().toList()) {
            String words = line;
            if (!line.startsWith(" ")) {
                int colon = line.indexOf(':');
                clue = Clue.valueOf(line.substring(0, colon));
                words = line.substring(colon + 1);
            }
            for (String word : words.split(",", -1)) {
                add(root, folded(word), clue);
            }
        }
        return root.node();
    }

    private static void add(Draft root, String entry, Clue clue) {
        boolean whole = entry.endsWith(".");
        String word = whole ? entry.substring(0, entry.length() - 1) : entry;
        if (word.isEmpty()) {
            return;
        }
        Draft draft = root;
        for (int i = 0; i < word.length(); i++) {
            draft = draft.next.computeIfAbsent(word.charAt(i), _ -> new Draft());
        }
        (whole ? draft.wholes : draft.beginnings).add(clue);
    }

    /// A node while words are added.
    private static final class Draft {
        private final SortedMap<Character, Draft> next = new TreeMap<>();
        private final Set<Clue> beginnings = EnumSet.noneOf(Clue.class);
        private final Set<Clue> wholes = EnumSet.noneOf(Clue.class);

        Node node() {
            StringBuilder letters = new StringBuilder();
            next.keySet().forEach(letters::append);
            List<Optional<Node>> nodes =
                    next.values().stream().map(draft -> Optional.of(draft.node())).toList();
            return new Node(letters.toString().toCharArray(), nodes, beginnings, wholes);
        }
    }

    /// A state of the search: what was read so far is the beginning of a word. Boxed letters and
    /// hashing would be most of its cost, so the letters that may follow are a sorted array.
    private static final class Node {
        private final char[] letters;
        private final List<Optional<Node>> nodes;
        private final Set<Clue> beginnings;
        private final Set<Clue> wholes;

        Node(char[] letters, List<Optional<Node>> nodes, Set<Clue> beginnings, Set<Clue> wholes) {
            this.letters = letters;
            this.nodes = nodes;
            this.beginnings = beginnings;
            this.wholes = wholes;
        }

        Optional<Node> after(char letter) {
            int at = Arrays.binarySearch(letters, letter);
            return at < 0 ? Optional.empty() : nodes.get(at);
        }

        /// Adds what the letters so far tell, where such a letter follows.
        void addTo(Set<Clue> clues, char following) {
            if (!beginnings.isEmpty()) {
                clues.addAll(beginnings);
            }
            if (!wholes.isEmpty() && !Character.isLetterOrDigit(following)) {
                clues.addAll(wholes);
            }
        }
    }
}
