"""The roots that the Turkish analyser knows by name.

Roots of one syllable are a nearly closed class in Turkish; beside them stand longer stems whose end
looks like a suffix (kadın, olay, adres) and verbs that end in a vowel.
"""

from __future__ import annotations

__all__ = ["NOUNS", "VERBS"]

_NOUNS = """
acı açı ad ada adam adım adres af ağ ağa akdeniz akın alan alay alın alman alt altı altın ana anı
anne ara araba arı art asıl at ata av ay aydın ayı ayna baba bağ bahçe bakan bal balo ban bar basın
baş başkan başlık bay bayan beden bel beş bey bez bilgi bina birey blok boğa borç boru boy boya
bölge buğday burs bursa buz büro cam can canlı cep cilt cins çağ çakıl çam çan çap çatı çay çene
çift çit çizgi çok çöl çöp dağ dal dans dava dayı dede değer deney deneyim deniz dere deri derin
ders dert destan devre dış dil din dip disk diş diz dizi dizin doğa dolu dost dönem dönüşüm dört
duman duvar duygu dün dünya düş düşman düz düzen düzey ek ekin ekip el eski eş eşya et etken etki
etkin ev evli fabrika faks fark fay fayda faz fen festival fil film fiş font form forma frank fren
gam gaz gazete gece gelin gemi gen genç geri gezegen gezi girişim göç göğüs gök göl göz gözlük gram
grup güç gül gün güney hac haç hafta hak hal hala halı halk han hap harç harf hat hava hayvan hece
hedef hırs hız hikaye his hoca ırk iç iki ikiz ilan ilgi ilk imza insan ip iri iş it iz izin jet
kadı kadın kafa kahraman kalay kale kalem kalın kalp kamp kampüs kan kanada kanun kap kapı kapsam
kaptan kar kara karadeniz kare karşı kart kas kasa kasaba kaş kat katkı kaya kaynak kaza kent kesin
kır kırk kış kıta kız kilo kip kira kirli kişi kitle koca kod kol kolay konu konya kor korku koru
koyun kök köpek kör köşe köşk köy kral kreş kriz kul kule kum kumaş kur kural kurs kurt kuru kurul
kurulum kurum kuş kutu kuzey küp kürk laf lale lig liman link lira lise maç madde maden mal marka
mart martı masa mayıs meclis medya merkez mey meydan meyve mide mil milli milyar milyon miras mod
moda mum nar neden nem norm not nota nüfus oda ok okul olay onarım oran ordu orman ot otobüs ova oy
oya oyun öğle ön örnek özel paket para parça park pay pazar perde pide pil pist plaj plan polis port
prens prenses prim proje pul radyo raf rafine ray renk risk rol roma roman rota ruh rüya saat sac
saç saf saha sal salgın salı salon sanat sanayi saray sarı satın savaş sayı sel semt sene ser sergi
ses set sevgi sınır sır sıra sigorta silindir sinema sis slayt soba sofra sol soru sorun soy söz
spor staj stil stok su suç sultan süre sürü süs süt şah şan şans şarj şark şarkı şart şef şey tabak
taç tane tank tarz taş taşınmaz tat tatlı tava tavan tavır tek tel televizyon temas teori tepe tepki
ter test tez tıp tip ton top tren tur tuş tuz tüm tüp tür türk türkçe türkiye türkü uç uçak un us
uzay uzman uzun üç ülke ülkü ürün üs üst vali van vana varlık vatan vatandaş vergi virüs vitamin yağ
yakın yalan yan yangın yapı yara yargı yarı yarın yasa yaş yay yayın yaz yazı yazılım yeni yer yıl
yılan yıldırım yol yön yurt yük yüz yüzey zam zaman zar zarf zehir zengin zil
"""
_VERBS = """
aç açıkla affet al an anla anlat ara art as at ata bağla bahset bak bas başla başvur bekle belirle
bil bildir bin bit boğ böl bul bulun çak çal çalış çarp çek çık çiz çöz de dene destekle dik dile
dinle diz doğ dol dön döv dur duy düş düşün düzenle ek ekle emret engelle ertele et etkile geç gel
ger getir gez gir git giy göç göm gönder gör görün götür güçlen gül hallet hazırla hesapla hisset
ısın iç ilerle imzala in inan incele indir iste işle izle kaç kal kalk kalkın kap kapa kapat kapla
karşıla kat kaybet kaybol kaydet kaydol kaz kazan kes keşfet kır kıy kirala kontrolle konuş kork koş
kov konakla koy kullan kur kurtar kuşat kutla oku ol ona oy oyna öde öğren öl öp ör özle parla
paylaş planla reddet sağla sakla saldır san sap sar sars sat savun say seç ser sev seyret sığ sık
sil sok sor soy sök sön söyle sun sür tak tamamla tanı tanımla tap tara tart taşı tat tekrarla
temizle topla tut uç ulaş um unut ur uy uygula uyu uza uzan üret üz var ver vur yağ yak yan yap
yarat yasakla yaşa yat yayımla yayınla yaz ye yen yenile yerleş yet yık yıka yırt yorumla yönet
yüksel yürü yüz
"""

NOUNS = frozenset(_NOUNS.split())
VERBS = frozenset(_VERBS.split())
