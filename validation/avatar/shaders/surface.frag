#version 430
in vec3 wp, wn, rp, vc; in vec4 at, lp; const int mt=@MAT@; layout(location=0) out vec4 o; layout(location=1) out vec4 o1; layout(location=2) out vec4 o2;
uniform vec3 EYE; uniform vec3 LDIR; uniform vec3 KEY, SKY, GROUND, FILL; uniform sampler2DShadow SH;
uniform vec3 C_SKIN, C_SHIRT, C_TROU, C_HAIR, C_SHOE, C_IRIS, C_WALL, C_FLOOR; uniform int SHIRTPAT; uniform float SHTEX;
//COMMON
float shadow(vec3 n, vec4 l){ vec3 q=l.xyz*.5+.5; if(q.z>1.||any(lessThan(q.xy,vec2(.005)))||any(greaterThan(q.xy,vec2(.995)))) return 1.; float b=.0015+.003*(1.-max(dot(n,LDIR),0.)); float s=0.;
 float k=SHTEX*1.5; q.z-=b; s+=texture(SH,q+vec3(-k,-k,0))+texture(SH,q+vec3(k,-k,0))+texture(SH,q+vec3(-k,k,0))+texture(SH,q+vec3(k,k,0)); return s*.25; }
vec3 tone(vec3 L){ L=1.2*L/(1.+.25*L); return pow(clamp(L,0.,1.),vec3(1./2.2)); }
uniform int BAKE; 
void main(){
 if(cutaway(mt,rp,at)) discard;
 vec3 n=normalize(wn); vec3 v=normalize(EYE-wp); if(dot(n,v)<0. && mt<10) n=-n;
 vec3 c=vc; float spec=.04, gloss=20., wrap=0.;
 if(mt==0){ // skin, lips, brows, shoes, stubble of short hair under the hair layer
   float f=fbm(rp*60.); c=C_SKIN*(.93+.14*f); wrap=.25; spec=.10; gloss=18.;
   vec3 e = rp.x>0.? rp-EYEL : rp-EYER; float sx = rp.x>0.?1.:-1.;
   bool face = rp.z>NKZ+.05 && rp.y<EYEL.y+.035*KS;
   if(face){
     c=mix(c,c*vec3(1.06,.86,.84),smoothstep(.035,.0,length((e-vec3(sx*.012,0.,-.045)*KS)/KS))*.5);
     float bz=(.0235+.004*cos((e.x*sx/KS-.004)*55.)); float bd=abs(e.z/KS-bz); float bx=e.x*sx/KS;
     float br=smoothstep(.0055,.0025,bd)*smoothstep(-.022,-.014,bx)*smoothstep(.034,.022,bx); c=mix(c,C_HAIR*.9,br*.85);
     c=mix(c,c*vec3(.80,.68,.66),smoothstep(.019,.012,length(e.xz/KS*vec2(.9,1.2)))*.55);
     c=mix(c,vec3(.62,.25,.24)*dot(C_SKIN,vec3(.9)),at.z*.8);
   }
   if(rp.z>NKZ+.05){ float m=hairmask(rp,at); c=mix(c,C_HAIR,smoothstep(-.05,.03,m)*(HAIRSTYLE>0?1.:0.)); }
 } else if(mt==1){
   float f=fbm(rp*vec3(14.,14.,8.)); n=normalize(n+.30*(noise4(rp*13.).yzw-.5));
   c=C_SHIRT*(.88+.22*f); if(SHIRTPAT==1){ c=mix(c,vec3(.85),step(.5,fract(rp.z*14.))*.8); }
   if(SHIRTPAT==2 && at.y>-.09*KS) c*=.8; spec=.015; wrap=.1;
   if(at.y>-.010*KS || at.x>SLEEVE-.04) c*=.82;
 } else if(mt==2){
   n=normalize(n+.36*(noise4(rp*11.).yzw-.5)); c=C_TROU*(.85+.3*fbm(rp*40.)); spec=.015;
   if(rp.z<ZANKLE+.028*KS){ c=C_SHOE; spec=.10; if(rp.z<.022*KS) c=vec3(.72); }
 } else if(mt==3){
   float s=fbm(vec3(rp.x*160.,rp.y*25.,rp.z*25.)); c=C_HAIR*(.6+.8*s); spec=.07; gloss=16.; n=normalize(n+.45*(noise4(rp*70.).yzw-.5));
 } else if(mt==4){
   vec3 e= rp.x>0.? rp-EYEL : rp-EYER; vec3 d=normalize(e); float a=length(d.xz); 
   c = d.y<0.&&a<.17? vec3(.02) : d.y<0.&&a<.40? C_IRIS : vec3(.80,.78,.76); spec=.6; gloss=90.;
 } else if(mt==11){ float f=fbm(wp*1.3)*.06+fbm(wp*120.)*.025; c=C_WALL*(.96+f); }
 else if(mt==12){ // wooden floor planks
   float row=floor(wp.y/.14); float x=wp.x+hash(vec3(row,0.,0.))*2.; float pl=floor(x/1.2);
   c=C_FLOOR*(.85+.25*hash(vec3(row,pl,3.))); c*=.88+.2*fbm(vec3(x*3.,wp.y*60.,row)); float g=min(fract(wp.y/.14),fract(x/1.2)*8.); c*=smoothstep(0.,.03,g)*.35+.65; spec=.08; gloss=30.;
 } else if(mt==13){ c=vc*(.92+.16*fbm(wp*30.)); }
 else if(mt==14){ c=vc*(.85+.3*step(.5,fract(rp.x*9.))*step(.3,fract(rp.y*6.))); spec=.05; }
 else if(mt==15){ c=vc*(.9+.2*fbm(wp*200.)); spec=.01; }
 else if(mt==16){ vec2 q=rp.xy; c=mix(vc,vec3(.85,.7,.3),smoothstep(.3,.7,fbm(vec3(q*3.,1.)))); c=mix(c,vec3(.2,.35,.45),smoothstep(.55,.6,fbm(vec3(q*2.,7.)))); }
 float nl=dot(n,LDIR); float dif=max((nl+wrap)/(1.+wrap),0.);
 vec3 amb=mix(GROUND,SKY,n.z*.5+.5); float ao=mt==12?1.:.80+.20*smoothstep(0.,.35,wp.z);
 vec3 hv=normalize(LDIR+v); float sp=spec*pow(max(dot(n,hv),0.),gloss);
 vec3 La=c*(amb*ao+FILL*(.35+.65*max(dot(n,v),0.))); vec3 Lk=KEY*(c*dif+sp*2.);
 if(mt==0) La+=c*vec3(.10,.03,.02)*pow(1.-max(dot(n,v),0.),3.);
 if(BAKE==1){ o=vec4(La,1.); o1=vec4(Lk,1.); o2=vec4(wp+n*.01,1.); return; }
 o=vec4(tone(La+Lk*shadow(n,lp)),1.);
}
