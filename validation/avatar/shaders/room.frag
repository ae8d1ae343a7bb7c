#version 430
in vec2 uv; out vec4 o; uniform sampler2D TA, TK, TW, TD; uniform sampler2DShadow SH; uniform mat4 LVP; uniform float SHTEX;
vec3 tone(vec3 L){ L=1.2*L/(1.+.25*L); return pow(clamp(L,0.,1.),vec3(1./2.2)); }
void main(){ ivec2 t=ivec2(gl_FragCoord.xy); vec4 l=LVP*vec4(texelFetch(TW,t,0).xyz,1.); vec3 q=l.xyz*.5+.5; q.z-=.002; float k=SHTEX*1.5; float s=0.;
 s+=texture(SH,q+vec3(-k,-k,0))+texture(SH,q+vec3(k,-k,0))+texture(SH,q+vec3(-k,k,0))+texture(SH,q+vec3(k,k,0));
 if(any(lessThan(q.xy,vec2(.005)))||any(greaterThan(q.xy,vec2(.995)))) s=4.;
 o=vec4(tone(texelFetch(TA,t,0).xyz+texelFetch(TK,t,0).xyz*s*.25),1.); gl_FragDepth=texelFetch(TD,t,0).x; }
