"""The roots that the Turkish analyser knows by name.

Roots of one syllable are a nearly closed class in Turkish; beside them stand longer stems whose end
looks like a suffix (kadın, olay, adres) and verbs that end in a vowel.
"""

from __future__ import annotations

__all__ = ["NOUNS", "VERBS"]

_NOUNS = """
acı açı ada adres af ağ ağa alan alay alman alt altı altın ana anı anne ara araba arı art asıl ata
av ay aydın ayı ayna baba bağ bahçe bakan bal balo ban bar baş başkan başlık bay bayan beden bel bey
bilgi bina birey boğa borç boru boy boya bölge buğday buz büro cam can canlı cep cilt cins çağ çam
çakıl çan çap çatı çay çene çift çizgi çok çöl çöp dağ dal dans dava dayı dede değer deney deniz
dere deri ders dert destan devre dil din dip diş diz dizi doğa dolu dost dört duman duvar duygu dün
dünya düş düşman düz düzen düzey ek el eski eş eşya et etken etki ev fabrika fark fay fayda fen
festival fil film form fren gam gaz gazete gece gemi gen genç geri gezegen gezi göğüs gök göl göz
gözlük grup güç gün güney hac haç hafta hak hal hala halı halk han hap harf hat hava hayvan hece
hedef hız hikaye his hoca iç iki ikiz ilan ilgi ilk imza insan ip iri iş it iz izin jet kadı kadın
kafa kahraman kalay kale kalp kampüs kan kanada kanun kap kapı kaptan kar kara kare karşı kas kasa
kasaba kaş kat katkı kaya kaynak kaza kent kır kırk kış kıta kız kilo kira kişi kitle koca kod kol
kolay konu konya kor korku koru kök köpek kör köşe köy kul kule kum kumaş kur kural kurs kurt kuru
kurul kurum kuş kutu kuzey küp laf lale lig liman lira lise maç madde maden mal marka mart martı
masa mayıs meclis medya merkez mey meydan meyve mide mil milli milyar milyon miras moda mum nar
neden nem not nota nüfus oda ok okul olay oran ordu orman ot otobüs ova oy oya oyun ön örnek özel
paket para parça park pay pazar perde pide pil plan polis prenses proje pul radyo ray renk rol roma
roman rota ruh rüya saat sac saç saf saha sal salgın salı salon sanat sanayi saray sarı savaş sayı
sel sene ser sergi ses sevgi sınır sır sıra sinema sis soba sofra sol soru soy söz spor su suç
sultan süre sürü süt şah şan şans şark şarkı şart şef şey tabak taç tane tank tarz taş tat tatlı
tava tavan tavır tek televizyon temas teori tepe tepki ter tez tıp tip ton top tren tuz tüm tür türk
türkçe türkiye türkü uç uçak un us uzay uzman uzun üç ülke ülkü ürün üs üst vali van vana varlık
vatan vatandaş vergi virüs vitamin yağ yakın yalan yan yangın yapı yara yargı yarı yarın yasa yaş
yay yayın yaz yazı yeni yer yıl yılan yol yön yurt yüz yüzey zam zaman zar zarf zehir zengin zil
"""
_VERBS = """
aç açıkla al an anla anlat ara art as at bağla bak bas başla bekle belirle bil bin bit boğ böl bul
çak çal çarp çek çık çiz de dene destekle dik dile dinle diz doğ dol dön döv dur duy düş düşün
düzenle ek ekle emret engelle et etkile geç gel ger gez gir git giy göm gör güçlen gül hazırla
hesapla ısın iç ilerle imzala in inan incele iste işle izle kal kalk kap kapa kapla karşıla kat
kaz kazan kes kır kıy kirala kontrolle kork koş kov koy kullan kur kurtar kuşat kutla oku ol ona
oy oyna öde öğren öl öp ör özle parla planla sağla sakla saldır sap sar sars sat savun seç ser sev
sık sil sok sor soy sön söyle sun sür tak tamamla tanı tanımla tap tara tart taşı tat tekrarla
temizle topla tut uç um unut ur uy uygula uyu uza uzan üret üz ver vur yak yap yarat yasakla yaşa
yat yayımla yayınla yaz ye yen yet yık yırt yorumla yönet yüksel yürü yüz
"""

NOUNS = frozenset(_NOUNS.split())
VERBS = frozenset(_VERBS.split())
