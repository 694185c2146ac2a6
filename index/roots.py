"""The roots that the Turkish analyser knows by name.

Roots of one syllable are a nearly closed class in Turkish; beside them stand longer stems whose end
looks like a suffix (kadın, olay, adres) and verbs that end in a vowel.
"""

from __future__ import annotations

__all__ = ["NOUNS", "VERBS"]

_NOUNS = """
acı açı açık ad ada adam adım adres af ağ ağa ağız akdeniz akıl akın alan alay alın alman alt altı
altın ana anı anne ara araba arı art asıl at ata av ay aydın ayı ayna baba bağ bahçe bakan bal
balo ban bar basın baş başkan başlık bay bayan beden bel beş bey beyin bez bilgi bina birey blok
boğa borç boru boy boya boyun bölge buğday burs bursa burun buz büro cam can canlı cep cilt cins
çağ çakıl çam çan çap çatı çay çene çift çit çizgi çok çöl çöp dağ dal dans dava dayı dede değer
deney deneyim deniz dere deri derin ders dert destan destek devre dış dil dilim din dip disk diş
diz dizi dizin doğa dolar dolu dost dönem dönüşüm dört duman duvar duyarlı duygu dün dünya düş
düşman düz düzen düzey ek ekin ekip el engel eski eş eşya et etken etki etkin ev evli fabrika faks
fark fay fayda faz fen festival fikir fil film fiş font form forma frank fren gam gaz gazete gece
geçerli gelin gemi gen genç geri gezegen gezi gider girişim göç göğüs gök göl gönül göz gözlük
gram grup güç gül gün güney hac hacim haç hafta hak hal hala halı halim halk han hanım hap harç
harf hat hava hayvan hazır hece hedef hesap hırs hız hikaye his hoca ırk iç içeri iki ikiz ilan
ilgi ilim ilk imza ince insan ip iri isim iş it iz izin jet kadı kadın kafa kahraman kalay kale
kalem kalın kalp kamp kampüs kan kanada kanun kap kapı kapsam kaptan kar kara karadeniz kare karşı
kart kas kasa kasaba kasım kaş kat katar katkı kaya kaynak kaza kent kesin kır kırk kış kıta kız
kilo kip kira kirli kişi kitle koca kod kol kolay konak konu konya kor korku koru koyun kök köpek
kör köşe köşk köy kral kreş kriz kul kule kum kumaş kur kural kurs kurt kuru kurul kurulum kurum
kuş kutu kuzey küp kürk laf lale lig liman link lira lise maç madde maden mal marka mart martı
masa mayıs meclis medya merkez mey meydan meyve mide mil milli milyar milyon miras mod moda mum
nar neden nem norm not nota nüfus oda ok okul olay omuz onarım oran ordu orman ot otobüs ova oy
oya oyun öğle ön örnek özel paket para parça park pay pazar perde pide pil pist plaj plan polis
port prens prenses prim proje pul radyo raf rafine ray renk risk rol roma roman rota ruh rüya saat
sac saç saçma saf saha sal salgın salı salım salim salon sanat sanayi saray sarı satın savaş sayı
sel selim semt sene ser sergi ses set sevgi sınır sır sıra sigorta silindir sinema sis slayt soba
sofra sol soru sorun soy söz spor staj stil stok su suç sultan süre sürü süs süt şah şan şans şarj
şark şarkı şart şef şey tabak taç tamam tane tanım tank tanrı tarz taş taşınmaz taşra tat tatlı
tava tavan tavır tek tekme tekrar tel televizyon temas temiz teori tepe tepki ter terim test tez
tıp tip ton top tren tur tuş tutar tuz tüm tüp tür türk türkçe türkiye türkü uç uçak un us uyarı
uzay uzman uzun üç ülke ülkü ürün üs üst üzer vali van vana varlık vatan vatandaş vergi virüs
vitamin yağ yakın yalan yan yangın yapı yara yargı yarı yarın yasa yasak yaş yay yayım yayın yaz
yazar yazı yazılım yeni yer yeterli yıl yılan yıldırım yol yön yurt yük yüküm yürürlük yüz yüzey
zam zaman zar zarf zehir zengin zil
"""
_VERBS = """
aç açıkla affet al an anla anlat ara art as at ata ayır bağla bahset bak bas başla başvur bekle
belirle bil bildir bin bit bitir boğ böl bul bulun büyü çak çal çalış çarp çek çevir çık çıkar çiz
çöz de dene destekle dik dile dinle diz doğ dol dön döv dur duy düş düşün düşür düzenle ek ekle
emret engelle eri ertele et etkile geç geçir gel ger getir gez gir git giy göç göm gönder gör
görün götür güçlen gül hallet hazırla hesapla hisset ısın ısıt iç içer ilerle imzala in inan
incele indir iste işle izle kabar kaç kal kaldır kalk kalkın kap kapa kapat kapla karşıla kat
kaybet kaybol kaydet kaydol kayna kaz kazan kes keşfet kır kıy kirala konakla kontrolle konuş kork
koş kov koy kullan kur kurtar kuru kuşat kutla oku ol ona onar oy oyna öde öğren öl öp ör özle
parla paylaş pişir planla reddet sağla sakla saldır san sap sar sarar sars sat savun say seç ser
sev seyret sığ sık sil sok sor soy sök sön söyle sun sür tak tamamla tanı tanımla tap tara tart
taşı tat tekrarla temizle topla tut uç ulaş um unut ur uy uyar uyarla uygula uyu uza uzan üret üz
var ver vur yağ yak yan yap yarat yasakla yaşa yat yatır yayımla yayınla yaz ye yen yenile yerleş
yet yık yıka yırt yorumla yönet yüksel yürü yüz
"""

NOUNS = frozenset(_NOUNS.split())
VERBS = frozenset(_VERBS.split())
