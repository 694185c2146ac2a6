"""The words that say nothing of a subject, by language: they make up sentences in any text."""

from __future__ import annotations

_TURKISH = """
a acaba ama ancak arada artık asla aslında ayrıca az bana bazen bazı bazıları belki ben benden beni
benim beri bile bir birçok biri birisi birkaç biz bizden bizi bizim böyle böylece bu buna bunda
bundan bunlar bunları bunların bunu bunun burada çok çoğu çünkü da daha dahi de defa değil diğer
diye dolayı dolayısıyla e eğer en fakat falan gibi göre hala hangi hangileri hangisi hani hatta hem
henüz hep hepsi her herhangi herkes hiç hiçbir için içinde ile ilgili ise işte kaç kaça kaçıncı
kadar kaçta karşı kendi kendine kendisi ki kim kimde kimden kimdi kimdir kime kimi kimin kiminle
kimler kimlerdi kimlerdir kimlere kimleri kimlerin kimse mademki mı mi mu mü mıdır midir mudur müdür
mıydı miydi muydu müydü mısın misin musun müsün mıyım miyim muyum müyüm mıyız miyiz nasıl nasıldı
nasıldır ne neden nedeniyle nedir neler nelerdi nelerdir nelere neleri nelerin nerde nerden nerede
neredeydi nerededir nereden nereye nereli neresi neresidir nesi neydi neye neyi neyin niçin niye o
olan olarak oldu olduğu olduğunu olmak olması olup olur olursa ona onda ondan onlar onlara onları
onların onu onun oysa öyle pek peki sadece sanki sen senden seni senin siz sizden sizi sizin son ta
te sonra şayet şey şeyler şimdi şöyle şu şuna şunda şundan şunlar şunu şunun tabii tarafından tüm
üzere üzerinde var vardı vardır ve veya ya yani yapılan ye yine yok yoksa zaten zira acep hakkında
"""
_AZERBAIJANI = """
ağır ən əgər əsasən axı ayrı bax bəli bəlkə belə bəs bəzi bilər bir biri bu bunu bunun da də daha
deyil dir digər edən edir etdi etmək əvvəl gərək görə hamı hansı hansıdır hansılardır hara harada
haradan haraya hə həm həmin heç hər hərəsi ilə indi isə kimi ki kimdir kimdi kim lakin mən məhz mi
müəyyən necə neçə neçədir neçəyə neçədə nə nədir nələr nəyi nəyə niyə o olan olaraq oldu olub olur
olunub onlar onlara onların onu onun özü qədər qarşı sizin siz sonra sən tərəfindən üçün üzrə və var
vardır ya yalnız yaxud yenə yox vaxt
"""
_ENGLISH = """
a about after all also am an and any are as at be because been being between both but by can could
did do does doing during each for from had has have having he her here hers him his how i if in into
is it its itself just me more most my no nor not of off on once only or other our out over own she
should so some such than that the their them then there these they this those through to too under
until up very was we were what when where which while who whom whose why will with would you your
please tell
"""
_GERMAN = """
aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dein dem den der des
dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer
eines er es euch für gegen haben hat hatte hatten hier ich ihm ihn ihr ihre im in ist ja jede jedem
jeden jeder kann kein keine können man mehr mein mit nach nicht noch nun nur ob oder ohne sehr sein
seine sich sie sind so um und uns unter viel vom von vor wann war waren warum was weil welche
welchem welchen welcher welches wem wen wenn wer werden weshalb wessen wie wieso wieviel wieviele
wird wo wobei wodurch wofür wogegen woher wohin womit wonach woran worauf woraus worden worin
worüber wovon wozu wurde wurden zu zum zur zwischen über
"""
_RUSSIAN = """
а без бы был была были было быть в вам вас во вот все всё вы где да для до его ее её если есть еще
ещё же за и из или им их к как какая какие какой каком когда кого кому которая которые который куда
ли мне можно мы на над не нет него нее ней но о об один он она они оно от по под почему при с
сколько со так также такой там то только том тот ты у уже что чтобы чем чего это этого этой этом
этот эти я какую какое каких чей чья
"""
_SPANISH = """
a al algo ante antes aunque cada como cómo con cual cuál cuales cuáles cuando cuándo cuanta cuánta
cuantas cuántas cuanto cuánto cuantos cuántos de del desde donde dónde durante e el él ella ellas
ellos en entre era eran es esa ese eso esta está están este esto estos fue fueron ha había han hasta
hay la las le les lo los más me mi mientras muy ni no nos otra otro para pero por porque qué que
quien quién quienes quiénes se según ser será si sí sido sin sobre son su sus también tan tiene
tienen tras tu un una unas uno unos y ya
"""
_FRENCH = """
a à alors après au aucun aussi autre aux avant avec avoir ce ceci cela ces cet cette chez combien
comme comment d dans de depuis des deux doit donc dont du elle elles en entre est et étaient était
été être eu fait il ils j je jusqu l la laquelle le lequel les lesquelles lesquels leur leurs lors
lui m mais me même mes moins mon n ne ni nos notre nous on ont ou où par parce pas pendant peut plus
pour pourquoi puis qu quand que quel quelle quelles quels qui quoi s sa sans se selon ses si son
sont sous sur t ta te tous tout toute toutes très tu un une vers vos votre vous y
"""
_ITALIAN = """
a abbia ad agli ai al alla alle allo anche ancora aveva c che chi ci come con contro cosa cui d da
dagli dai dal dalla dalle dei degli del della delle dello di dopo dove dov dunque durante e è ed era
erano essere fa fra fu furono gli ha hanno i il in io l la le lei li lo loro lui ma mai mentre mi
molto ne negli nei nel nella nelle nello no noi non o ogni oggi per perché però più poi prima qual
quale quali quando quanta quante quanti quanto quella quelle quelli quello questa queste questi
questo qui quindi sarà se senza si sia sono sopra sotto stata state stati stato su sua sue sugli sui
sul sulla sulle suo suoi tra tutte tutti tutto un una uno verso vi
"""
_PORTUGUESE = """
a à ainda além algum alguma antes ao aos após aquela aquele aqui as às assim até cada com como
contra contudo cuja cujo da das de dela dele deles depois desde deste do dos durante e é ela elas
ele eles em enquanto entre era eram essa esse esta está estão este eu foi foram fosse há havia isso
isto já lhe mais mas mesmo meu minha muito na não nas nem no nos nós num numa o onde os ou outra
outro para pela pelas pelo pelos per pode por porque porquê qual quais quando quanta quantas quanto
quantos que quê quem são se seja sem ser será seu seus sido sob sobre sua suas também tem têm ter
teve tudo um uma umas uns você
"""
_DUTCH = """
aan al alle als altijd bij bent ben daar dan dat de der deze die dit doen door dus een en er ge geen
geweest had hadden heb hebben heeft hem het hier hij hoe hoelang hoeveel hun iets ik in is ja je kan
kon kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat onder ons ook op
over reeds te tegen tijdens toch toen tot tussen u uit uw van veel voor waar waaraan waarin waarmee
waarom waarop waaruit waarvoor wanneer want waren was wat we wel welk welke werd werden wie wiens
wij worden wordt zal ze zelf zich zij zijn zo zonder zou
"""
_ROMANIAN = """
a acea aceasta această aceea acel acela acest acesta aceste acestea acești ai aici al ale am are
asta atunci au avea ca că cam care când cand cărui cărei cât câtă câte câți cate cati ce cei cel
cele cine cu cui cum de deci decât despre din după dupa e ea ei el ele era erau este și si fi fie
fost fără iar în in înainte între intre la le lor lui mai mult multe nu o ori orice pe pentru peste
prea prin până pana sa să sale sau său sub sunt tot toate toți un una unde unei unele unor unui va
vor
"""
_POLISH = """
a aby albo ale ani aż bardzo bez bo by był była było były być bądź chociaż ci co czy czyj czyja
czyje czym czemu dla dlaczego dlatego do dokąd dwa gdy gdyby gdzie go i ich ile ilu im inne iż ja
jak jaka jaki jakie jakich jakiej jakiego jakim jako je jego jej jest jeszcze jeśli już kiedy kim
kogo komu kto która które którego której który których którym którzy lub ma mają może można na nad
nam nas nie niego nim nich niż o od oraz pan po pod podczas ponieważ poza przed przez przy również
są się skąd swoje ta tak także tam te tego tej ten to tu ty tych tylko tym u w we wiele wszystkie z
za zaś ze został została zostało zostały że
"""
_CZECH = """
a aby ale ani až bez bude by byl byla bylo byly být co což či čí do ho i jak jaká jaké jaký jakou je
jeho jejich její jen ještě jež jsem jsou k kam kde kdo kdy když ke kolik komu koho která které
kterého který kterou kteří kudy má mají mezi mohou může na nad nebo než není o od po pod podle pro
proč proto protože při s se si tak také tam ten této to toho tom tomu tu ty u v ve však všechny z za
ze že
"""
_SWEDISH = """
alla allt att av blev blir de dem den denna deras dess det detta dig din dit du där då efter ej
eller en er ett från för genom ha hade han hans har hennes hon honom hur i icke inom inte ju kan
kunde man med mellan men mig min mot mycket ni nu när någon något några och om oss på samma sedan
sig sin sina sitt ska skall skulle som så till under upp ut utan vad var vara varför varit varje
vart vem vems vi vid vilka vilken vilket är än över
"""
_DANISH = """
af alle alt at blev bliver da de dem den denne der deres det dette dig din dog du efter eller en end
er et for fra få før had han hans har have havde hende hendes her hvad hvem hvis hvilke hvilken
hvilket hvor hvorfor hvordan hvornår hun i ikke ind jeg kan kunne man mange med meget mellem men mig
min mod må ned noget nogle nu når og også om op os over på sig sin sine skal skulle som til ud under
var ved vi vil ville være været
"""
_FINNISH = """
ei eivät ennen ensin että he heidän hän hänen ja jo jos joka joita jossa josta jotka jotta keiden
keitä ken kenen kenet ketä ketkä koska kuin kuinka kuka kun kuten lisäksi me mihin mikä miksi
millainen milloin millä minkä minne missä mistä mitkä mitä mutta myös ne niiden niin niitä noin nyt
näiden nämä olen oli olivat olla ollut on ovat se sekä sen siellä sillä sitten sitä tai taas tämä
tämän vai vaikka vain voi
"""
_HUNGARIAN = """
a abban ahhoz ahogy aki akik akkor ami amely amelyek amelyet amikor az azok azon azonban azt aztán
azzal be ben csak de e egy egyik el ennek és ez ezek ezen ezt ezzel fel fog ha hány hányan hanem
hogy hogyan hol hová honnan ide igen ill is itt jó kell ki kicsoda kik kinek kit közben közé közül
le lehet lesz lett maga már még meg mely melyik melyek mennyi mennyibe mert mi mikor miért milyen
mind mint mit mivel nagyon nem nincs ő ők olyan össze otthon pedig s sem sok szerint tehát több után
utána vagy vagyis való van vannak volna volt voltak
"""
_INDONESIAN = """
ada adalah agar akan aku anda antara apa apakah atau bagaimana bagi bahwa banyak beberapa belum
berapa bisa boleh bukan dalam dan dapat dari daripada dengan di dia hanya harus hingga ia ini itu
jika juga kah kami kapan karena ke kepada kita lagi lebih mana manakah maka masih mengapa mereka
namun oleh orang pada para pernah saat saja sampai sangat saya sebagai sebelum sebuah sedang sejak
selama seluruh seorang seperti serta setelah siapa siapakah sudah tanpa telah tentang tersebut
terhadap tetapi tidak untuk yaitu yang
"""
_VIETNAMESE = """
ai anh bao bằng bị bởi các cái cho chưa có của cùng cũng đã đang đâu đây để đến đi đó được gì hay
hoặc họ khi không là lại làm lúc mà mấy mình một nào này nên nếu ngày như nhưng những nhiều ở phải
qua ra rằng rất sao sau sẽ tại thế theo thì thể tôi trên trong trước từ và vào vẫn về vì việc với
"""
_UKRAINIAN = """
а або адже але без би був була були було бути в вам вас ваш весь від він вона вони воно все всі для
до його її їх же з за зі й із і котрий куди ли ми мій між мне можна на над нас не немає ні них о
один під по при про та так також такий там те ти то того тому тут у уже хто це цей цього ця що щоб
чи чий чим чого чому як яка яке який яким яких якого якої яку які є де коли скільки
"""
_BULGARIAN = """
а ако без беше би бил била били бъде в ви във все всички всяка где го да дали до докато е едва един
една едно за защо защото и из или им има й как каква какви какво какъв към кога когато кого коя
която кои които кой който колко къде ли между ми му на над най не него ни но някои обаче от по под
при през с са само се си след със съм също така такива там те ти то това този тази тези тя у че чий
чия чие ще
"""
_KYRGYZ = """
ал алар алардын анда анын аны ар аркылуу башка бар бирок болгон болду болот болуп бул бүт деген деп
дейре дейин дагы жана же жок жөнүндө ким кимдер кимдин кимге канча канчанчы канчада кантип качан
кайсы кайсыл кайда кайдан кандай кылат көп көрө эле эмес эмне эмнеден эмненин эмнени эмнеге эмки
менен мен мурун мында ошол өз сен сиз тарабынан тууралуу үчүн эң экен
"""
_KAZAKH = """
ал алайда бар барлық басқа бен біз бірақ болатын болды болып болған бұл дейін деп емес ең еді екен
жоқ және кейін келеді кім кімдер кімнің көп қай қайда қайдан қайсы қалай қандай қанша қаншадан қашан
мен мына не неге неліктен немесе нені ненің неше о ол олар олардың оның осы отыр пен сен сіз сол
тағы туралы үшін өз әр әрі
"""
_ARABIC = """
أ أن أو أي أية أين إلى إن التي الذي الذين اللذان ألا أما أنه أنها إنه إنها بعد بل بن به بها بين تم
تحت ثم حتى حول حيث خلال دون ذلك على عليه عليها عن عند عندما غير في فيه فيها قبل قد قام كان كانت كل
كم كما كيف لا لقد لكن لم لن له لها لماذا ليس ما ماذا متى مثل مع من منذ منه منها هذا هذه هل هم هنا
هناك هو هي و وقد ولا ومن وهو وهي يتم يكون يمكن
"""
_PERSIAN = """
آن آنها آیا از است اش اگر اما ام این ایشان با باید بر برای بود بودند به بیشتر پس پیش تا تر چرا چند
چقدر چطور چگونه چه چی چیست خود در درباره دارد دارند داد را روی سپس شد شده شدن شدند شود عنوان کجا
کجاست کدام کرد کردند کرده کسی کسانی کند کنند که کی کیست ما مورد می نیز نیست هر هم همه همین هست هستند
و ولی وی یا یک
"""
_GREEK = """
αν αλλά από αυτά αυτές αυτή αυτό αυτοί αυτός αυτού για γιατί δε δεν διά εάν είναι είχαν είχε εκεί εν
ένα έναν ένας επί έχει έχουν η ήδη ήταν θα ίδιο και κατά κάθε μας με μεταξύ μετά μέσα μη μια μία
μόνο να ο οι όμως όπου όπως όταν ότι ούτε παρά πια πιο ποια ποιαν ποιες ποιο ποιοι ποιον ποιος ποιου
πόσα πόσες πόσο πόσοι πόσος πότε που πού πριν προς πώς πως σαν σας σε στα στη στην στις στο στον
στους τα τη την της τι τις το τον του τους των υπήρχε ως
"""
_HINDI = """
अपना अपनी अपने आप इन इस इसका इसकी इसके इसमें इसे उन उनका उनकी उनके उन्हें उस उसका उसकी उसके उसे एक
एवं और कर करता करते करना करने कहाँ कहां का कितना कितनी कितने किया किस किसका किसकी किसके किसने किसी
किसे की कुछ के को कोई कौन कौनसा क्या क्यों गई गए गया जब जहाँ जा जाता जाती जाने जिस जिसे जो तक तथा तो
था थी थे दिया द्वारा न नहीं ने पर फिर बहुत बाद भी मगर में यदि यह यहाँ या ये रहा रही रहे लिए वह वहाँ
वे साथ से हम ही हुआ हुई हुए है हैं हो होता होती होते होने कब कैसे
"""

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(listed.split())
    for language, listed in {
        "tr": _TURKISH,
        "az": _AZERBAIJANI,
        "en": _ENGLISH,
        "de": _GERMAN,
        "es": _SPANISH,
        "fr": _FRENCH,
        "it": _ITALIAN,
        "pt": _PORTUGUESE,
        "nl": _DUTCH,
        "ro": _ROMANIAN,
        "pl": _POLISH,
        "cs": _CZECH,
        "sv": _SWEDISH,
        "da": _DANISH,
        "fi": _FINNISH,
        "hu": _HUNGARIAN,
        "id": _INDONESIAN,
        "vi": _VIETNAMESE,
        "ru": _RUSSIAN,
        "uk": _UKRAINIAN,
        "bg": _BULGARIAN,
        "ky": _KYRGYZ,
        "kk": _KAZAKH,
        "ar": _ARABIC,
        "fa": _PERSIAN,
        "el": _GREEK,
        "hi": _HINDI,
    }.items()
}
