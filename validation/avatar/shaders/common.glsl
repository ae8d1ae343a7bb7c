uniform sampler3D NOISE;
vec4 noise4(vec3 p){ return texture(NOISE,p*.0625); }   // 16 cells per period
float fbm(vec3 p){ return noise4(p).x; }
float hash(vec3 p){ p=fract(p*.3183099+vec3(.1,.2,.3)); p*=17.; return fract(p.x*p.y*p.z*(p.x+p.y+p.z)); }
uniform float SLEEVE, ZWAIST, ZHEM, ZANKLE, KS, NKZ; uniform vec4 HEADF; uniform vec3 EYEL, EYER; uniform int HAIRSTYLE;
float seg(float x,float a,float b,float p,float q){ return mix(p,q,clamp((x-a)/(b-a),0.,1.)); }
float hairmask(vec3 r, vec4 a){
  float g=atan(abs(r.x),-(r.y-(HEADF.z+.52*HEADF.w)))/3.14159265;
  float line = g<.16? .60 : g<.27? seg(g,.16,.27,.60,.42) : g<.36? seg(g,.27,.36,.42,.05) : g<.42? seg(g,.36,.42,.05,-.22) :
    g<.50? seg(g,.42,.50,-.22,-.15) : g<.60? seg(g,.50,.60,-.15,-.60) : g<.75? seg(g,.60,.75,-.60,-.88) : seg(g,.75,1.,-.88,-.95);
  float m=(r.z-HEADF.x)/HEADF.y-line+.10*(noise4(r*190.).y-.5); if(a.w<.030) m=min(m,(a.w-.030)*20.); return m; }
bool cutaway(int m, vec3 r, vec4 a){
  if(m==0){ return a.x<SLEEVE-.07 && a.y < -.012*KS && r.z<NKZ+.06; }
  if(m==1){ return a.x>SLEEVE || r.z<ZHEM && a.x<.15 || a.y>.004*KS; }
  if(m==2){ return r.z>ZHEM+.06; }
  if(m==3){ return r.z<3. && a.w<8. && hairmask(r,a)<0.; }
  return false; }
